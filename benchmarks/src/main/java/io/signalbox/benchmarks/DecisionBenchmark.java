package io.signalbox.benchmarks;

import io.signalbox.host.chain.Router;
import io.signalbox.host.chain.RoutingPlan;
import io.signalbox.host.chain.RoutingPlan.ChainTexts;
import io.signalbox.host.chain.RoutingResult;
import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.config.ListReading;
import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.request.RequestHeaders;
import io.signalbox.host.request.ScanResult.Scanned;
import io.signalbox.host.strategy.StrategyRegistry;
import io.signalbox.sdk.Signal;
import io.signalbox.strategies.BuiltinStrategies;
import java.nio.ByteBuffer;
import java.util.EnumSet;
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

/** A decision and its release, on signals that are known for every endpoint. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DecisionBenchmark {
  /** The chain that decides. */
  @Param({"least-request", "least-kv-cache;band=20%,least-request,round-robin"})
  public String chain = "";

  /** Endpoints of the model. */
  @Param({"1", "10", "100", "1000"})
  public int endpoints;

  private final InferenceRequest request =
      new InferenceRequest(
          new Scanned(RequestBodies.MODEL, null, true),
          RequestHeaders.of(Map.of()),
          () -> ByteBuffer.allocate(0));
  private @Nullable Router router;
  private @Nullable RoutingResult result;

  /** Makes the router, and a sample of the KV cache for each endpoint. */
  @Setup
  public void setUp() {
    var random = new SplittableRandom(1);
    var fleet =
        SampledFleet.of(endpoints, Map.of(Signal.KV_CACHE_USAGE, row -> random.nextDouble()));
    var plan =
        RoutingPlan.read(
            StrategyRegistry.local(BuiltinStrategies.create()),
            EnumSet.allOf(Signal.class),
            new ChainTexts(chain, Map.of(), Map.of(), ListReading.values()[0]),
            (name, problem) -> {
              throw new IllegalStateException(problem);
            });
    router =
        new Router(
            plan,
            fleet,
            new Router.Surroundings(random, System::nanoTime, (delay, task) -> () -> {}));
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
