package io.signalbox.benchmarks.quality;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.signalbox.benchmarks.RequestBodies;
import io.signalbox.host.chain.LearnedLengths;
import io.signalbox.host.chain.Queues;
import io.signalbox.host.chain.RequestSignals;
import io.signalbox.host.chain.Router;
import io.signalbox.host.chain.RoutingPlan;
import io.signalbox.host.chain.RoutingPlan.ChainTexts;
import io.signalbox.host.chain.RoutingResult;
import io.signalbox.host.chain.Timers;
import io.signalbox.host.config.ListReading;
import io.signalbox.host.config.PrefixIndexConfig;
import io.signalbox.host.config.SignalsConfig;
import io.signalbox.host.endpoint.EndpointRegistry;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.ingest.SteppedIngest;
import io.signalbox.host.prefix.PrefixIndexes;
import io.signalbox.host.request.BodyScanner;
import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.request.OutputLengths;
import io.signalbox.host.request.RequestHeaders;
import io.signalbox.host.request.ScanResult;
import io.signalbox.host.strategy.StrategyRegistry;
import io.signalbox.host.telemetry.PrefixMetrics;
import io.signalbox.sdk.Signal;
import io.signalbox.strategies.BuiltinStrategies;
import io.signalbox.strategies.LeastLatency;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * The router of a host with what it knows, by default settings, on the clock of an agenda: bodies
 * are scanned, metrics pages read and prompts hashed as a host does it. Confined to one thread.
 */
final class SimulatedRouter {
  private static final SignalsConfig SIGNALS = SignalsConfig.DEFAULT;

  /** From a reading to the snapshot with it. */
  private static final long PUBLISHED_AFTER_NANOS = Duration.ofMillis(2).toNanos();

  /** What a host adds to or takes from the pause between two readings at most. */
  private static final double JITTER = 0.1;

  private final Agenda agenda;
  private final SplittableRandom random;
  private final EndpointRegistry registry;
  private final SteppedIngest ingest;
  private final OutputLengths lengths;
  private final Router router;
  private boolean publishing;

  /** Gives the metrics page of an engine. */
  @FunctionalInterface
  interface Pages {
    String read(RegisteredEndpoint endpoint);
  }

  /**
   * A router that decides everything by one chain.
   *
   * @param random decides what a host leaves to chance
   */
  SimulatedRouter(Agenda agenda, SimulatedFleet fleet, String chain, SplittableRandom random) {
    this.agenda = agenda;
    this.random = random;
    this.registry = new EndpointRegistry(agenda::nowNanos);
    var endpoints = registry.apply(List.of(fleet.model()));
    this.ingest = new SteppedIngest(registry, SIGNALS);
    this.lengths = new OutputLengths(agenda::nowNanos, SIGNALS::window);
    var prefixes = new PrefixIndexes(new PrefixMetrics(new SimpleMeterRegistry()), random.split());
    prefixes.apply(PrefixIndexConfig.DEFAULT, endpoints);
    var shared =
        new Router.Shared(
            RequestSignals.of(
                Map.of(
                    Signal.CACHED_TOKENS,
                    (signal, request, candidates, into) ->
                        prefixes.cachedTokens(request, candidates, into),
                    Signal.EXPECTED_SECONDS,
                    (signal, request, candidates, into) ->
                        LeastLatency.expectedSeconds(request, candidates, into))),
            List.of(prefixes, new LearnedLengths(lengths)),
            new Queues(agenda::nowNanos));
    this.router =
        new Router(
            plan(chain),
            ingest.snapshot(agenda.nowNanos()),
            new Router.Surroundings(
                random.split(),
                agenda::nowNanos,
                this::timer,
                task -> agenda.after(0, task),
                shared));
  }

  /**
   * A chain that decides everything.
   *
   * @throws IllegalArgumentException when it is none, and why
   */
  static RoutingPlan plan(String chain) {
    return RoutingPlan.read(
        StrategyRegistry.local(BuiltinStrategies.create()),
        EnumSet.allOf(Signal.class),
        new ChainTexts(chain, Map.of(), Map.of(), ListReading.NARROW),
        (where, problem) -> {
          throw new IllegalArgumentException(problem);
        });
  }

  private Timers.Timer timer(Duration delay, Runnable task) {
    var wanted = new AtomicBoolean(true);
    agenda.after(
        delay.toNanos(),
        () -> {
          if (wanted.get()) {
            task.run();
          }
        });
    return () -> wanted.set(false);
  }

  /** In the order of their addresses. */
  List<RegisteredEndpoint> endpoints() {
    return registry.fleet().models().getOrDefault(RequestBodies.MODEL, List.of());
  }

  /** Reads the pages of all engines from now on, each at its own times. */
  void scrape(Pages pages) {
    for (var endpoint : endpoints()) {
      agenda.after(Duration.ofMillis(random.nextInt(1, 20)).toNanos(), () -> read(endpoint, pages));
    }
  }

  private void read(RegisteredEndpoint endpoint, Pages pages) {
    ingest.read(endpoint, pages.read(endpoint), agenda.nowNanos());
    if (!publishing) {
      publishing = true;
      agenda.after(PUBLISHED_AFTER_NANOS, this::publish);
    }
    double pause = SIGNALS.scrapeInterval().toNanos() * random.nextDouble(1 - JITTER, 1 + JITTER);
    agenda.after((long) pause, () -> read(endpoint, pages));
  }

  private void publish() {
    publishing = false;
    router.use(ingest.snapshot(agenda.nowNanos()));
  }

  /**
   * Decides on a request.
   *
   * @param headers by lower-case name
   */
  void route(byte[] body, Map<String, String> headers, Consumer<RoutingResult> then) {
    if (BodyScanner.scan(new ByteArrayInputStream(body)) instanceof ScanResult.Scanned scanned) {
      var request =
          new InferenceRequest(
              scanned, RequestHeaders.of(headers), () -> ByteBuffer.wrap(body), lengths);
      router.route(request, then);
    } else {
      throw new IllegalStateException("a client sends what is no request");
    }
  }
}
