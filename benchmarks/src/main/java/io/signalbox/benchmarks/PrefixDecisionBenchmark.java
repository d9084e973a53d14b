package io.signalbox.benchmarks;

import io.signalbox.host.chain.Queues;
import io.signalbox.host.chain.RequestSignals;
import io.signalbox.host.chain.Router;
import io.signalbox.host.chain.RoutingPlan;
import io.signalbox.host.chain.RoutingPlan.ChainTexts;
import io.signalbox.host.chain.RoutingResult;
import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.config.ListReading;
import io.signalbox.host.config.PrefixIndexConfig;
import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.strategy.StrategyRegistry;
import io.signalbox.sdk.Signal;
import io.signalbox.strategies.BuiltinStrategies;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A decision by {@code prefix-cache} on a prompt of 4 KB that was hashed before: every second
 * endpoint has the whole of it cached, or a half or a quarter.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PrefixDecisionBenchmark {
  private static final String TEXT = "0123456789abcdef".repeat(256);

  /** Endpoints of the model. */
  @Param({"10", "100", "1000"})
  public int endpoints;

  private final InferenceRequest request = PrefixTrace.request(TEXT);
  private @Nullable Router router;
  private @Nullable RoutingResult result;

  /** Makes the router and teaches the index. */
  @Setup
  public void setUp() {
    var rig = new PrefixRig(PrefixIndexConfig.DEFAULT, endpoints);
    for (int i = 0; i < endpoints; i += 2) {
      var prompt = PrefixTrace.request(TEXT.substring(0, TEXT.length() >> (i / 2 % 3)));
      rig.lookUp(prompt);
      rig.learn(prompt, i);
    }
    RequestSignals cached =
        (signal, about, candidates, into) -> rig.indexes().cachedTokens(about, candidates, into);
    var plan =
        RoutingPlan.read(
            StrategyRegistry.local(BuiltinStrategies.create()),
            EnumSet.allOf(Signal.class),
            new ChainTexts("prefix-cache", Map.of(), Map.of(), ListReading.NARROW),
            (name, problem) -> {
              throw new IllegalStateException(problem);
            });
    router =
        new Router(
            plan,
            rig.snapshot(),
            new Router.Surroundings(
                new SplittableRandom(1),
                System::nanoTime,
                (delay, task) -> () -> {},
                Runnable::run,
                new Router.Shared(
                    RequestSignals.of(Map.of(Signal.CACHED_TOKENS, cached)),
                    List.of(),
                    new Queues(System::nanoTime))));
  }

  /** One decision. */
  @Benchmark
  public @Nullable RoutingResult decide() {
    if (router == null) {
      throw new IllegalStateException("not set up");
    }
    router.route(request, this::take);
    return result;
  }

  private void take(RoutingResult taken) {
    result = taken;
    if (taken instanceof Picked picked) {
      picked.reservation().release();
    }
  }
}
