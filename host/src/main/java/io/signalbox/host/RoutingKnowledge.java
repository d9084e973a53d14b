package io.signalbox.host;

import io.micrometer.core.instrument.MeterRegistry;
import io.signalbox.host.chain.AdapterAffinity;
import io.signalbox.host.chain.LearnedLengths;
import io.signalbox.host.chain.ProfileSignals;
import io.signalbox.host.chain.Queues;
import io.signalbox.host.chain.RequestSignals;
import io.signalbox.host.chain.Router;
import io.signalbox.host.config.AccessConfig;
import io.signalbox.host.config.Configuration;
import io.signalbox.host.endpoint.Fleet;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.kvevents.KvFeeds;
import io.signalbox.host.limits.Limiter;
import io.signalbox.host.limits.SharedLimits;
import io.signalbox.host.prefix.PrefixIndexes;
import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.request.OutputLengths;
import io.signalbox.host.telemetry.FlowControlMetrics;
import io.signalbox.host.telemetry.KvMetrics;
import io.signalbox.host.telemetry.LimitMetrics;
import io.signalbox.host.telemetry.PrefixMetrics;
import io.signalbox.host.telemetry.TokenizerMetrics;
import io.signalbox.host.tokenizer.Tokenizers;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Signal;
import io.signalbox.strategies.LeastLatency;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the routers of a host know together, beside the snapshot: who has which prompts cached, how
 * long answers are, how many tokens prompts have, what endpoints promise, and who waits. Safe for
 * any thread; {@link #apply} by one at a time.
 */
final class RoutingKnowledge {
  private final Path base;
  private final PrefixIndexes prefixes;
  private final OutputLengths lengths;
  private final Tokenizers tokenizers;
  private final KvFeeds feeds;
  private final ProfileSignals profiles = new ProfileSignals();
  private final double decisionsRatio;
  private final Queues queues;
  private final @Nullable SharedLimits sharedLimits;
  private final Limiter limiter;

  /**
   * Nothing is known yet.
   *
   * @param base the folder from which the configuration's paths start
   * @param configuration the one in use
   */
  RoutingKnowledge(
      Vertx vertx, MeterRegistry meters, Path base, Supplier<Configuration> configuration) {
    this.base = base.toAbsolutePath();
    this.decisionsRatio = configuration.get().eventBus().decisionsRatio();
    this.queues = new Queues(System::nanoTime, new FlowControlMetrics(meters));
    this.prefixes = new PrefixIndexes(new PrefixMetrics(meters), new SplittableRandom());
    this.lengths =
        new OutputLengths(System::nanoTime, () -> configuration.get().signals().window());
    var metrics = new LimitMetrics(meters);
    var access = configuration.get().access();
    this.sharedLimits =
        access.redis().map(redis -> shared(vertx, redis, base, metrics)).orElse(null);
    this.limiter =
        new Limiter(
            access.maxUsers(),
            new Limiter.Surroundings(System::nanoTime, workers(vertx), metrics, sharedLimits));
    this.feeds = new KvFeeds(vertx, prefixes, new KvMetrics(meters));
    this.tokenizers = new Tokenizers(vertx, new TokenizerMetrics(meters), feeds::isHeard);
  }

  private static Executor workers(Vertx vertx) {
    return task -> {
      var _ =
          vertx.executeBlocking(
              () -> {
                task.run();
                return task;
              },
              false);
    };
  }

  /**
   * Limits that are shared in this Redis.
   *
   * @throws StartException where the file of its password cannot be read
   */
  private static SharedLimits shared(
      Vertx vertx, AccessConfig.Redis redis, Path base, LimitMetrics metrics) {
    var password =
        redis
            .passwordFile()
            .map(file -> SecretFile.read("limits.redis.password-file", base.resolve(file)));
    return new SharedLimits(vertx, redis, password, UUID.randomUUID().toString(), metrics);
  }

  /** What each router is given. */
  Router.Shared shared() {
    return new Router.Shared(
        requestSignals(),
        List.of(prefixes, new LearnedLengths(lengths)),
        queues,
        tokenizers,
        decisionsRatio,
        limiter);
  }

  private RequestSignals requestSignals() {
    return RequestSignals.of(sources()).missing(this::missingOfCaches);
  }

  /** Where engines of a model tell what they have, decisions that cannot use it all say so. */
  private Optional<String> missingOfCaches(RouteRequest request) {
    if (!feeds.isHeard(request.model()) || Double.isNaN(request.promptTokens())) {
      return Optional.empty();
    }
    if (request instanceof InferenceRequest inference && !inference.hasTokens()) {
      return Optional.of("kv-events untokenized");
    }
    return feeds.isPartlyHeard(request.model())
        ? Optional.of("kv-events missing")
        : Optional.empty();
  }

  private Map<Signal, RequestSignals> sources() {
    return Map.of(
        Signal.CACHED_TOKENS,
        (signal, request, candidates, into) -> prefixes.cachedTokens(request, candidates, into),
        Signal.ADAPTER_AFFINITY,
        new AdapterAffinity(),
        Signal.EXPECTED_SECONDS,
        (signal, request, candidates, into) ->
            LeastLatency.expectedSeconds(request, candidates, into),
        Signal.CONSUMPTION,
        profiles,
        Signal.SLO_SLACK,
        profiles);
  }

  /** How long answers are expected to be. */
  OutputLengths lengths() {
    return lengths;
  }

  /** How many requests of a model wait. */
  int waiting(String model) {
    return queues.waiting(model);
  }

  /** Takes another configuration into use, and forgets what the fleet no longer has. */
  void apply(Configuration configuration, Fleet fleet) {
    prefixes.apply(configuration.prefixIndex(), fleet);
    feeds.apply(configuration, fleet);
    lengths.retain(fleet.models().keySet());
    tokenizers.apply(tokenizerFiles(configuration));
    tokenizers.ask(tokenizingEngines(configuration, fleet));
    profiles.apply(configuration.models());
    limiter.apply(configuration.access(), configuration.models());
  }

  /** Begins to hear what engines tell of their caches. */
  void start(Configuration configuration) {
    feeds.start(configuration);
  }

  /** Reaches whoever limits are shared with; ends when that succeeded or failed for now. */
  Future<Void> startLimits() {
    return sharedLimits == null ? Future.succeededFuture() : sharedLimits.start();
  }

  /** Counts nothing with others any more. */
  void closeLimits() {
    if (sharedLimits != null) {
      sharedLimits.close();
    }
  }

  /** Hears nothing any more. May take a moment. */
  void close() {
    feeds.close();
  }

  private static Map<String, List<SocketAddress>> tokenizingEngines(
      Configuration configuration, Fleet fleet) {
    var sockets = new TreeMap<String, List<SocketAddress>>();
    for (var model : configuration.models()) {
      if (model.engineTokenizer()) {
        sockets.put(
            model.name(),
            fleet.models().getOrDefault(model.name(), List.of()).stream()
                .map(RegisteredEndpoint::socket)
                .toList());
      }
    }
    return sockets;
  }

  private Map<String, Path> tokenizerFiles(Configuration configuration) {
    var files = new TreeMap<String, Path>();
    for (var model : configuration.models()) {
      model.tokenizer().ifPresent(file -> files.put(model.name(), base.resolve(file).normalize()));
    }
    return files;
  }
}
