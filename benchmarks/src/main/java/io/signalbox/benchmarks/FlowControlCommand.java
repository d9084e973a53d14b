package io.signalbox.benchmarks;

import io.signalbox.host.chain.Queues;
import io.signalbox.host.chain.RequestSignals;
import io.signalbox.host.chain.Router;
import io.signalbox.host.chain.RoutingPlan;
import io.signalbox.host.chain.RoutingPlan.ChainTexts;
import io.signalbox.host.chain.RoutingResult;
import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.config.FlowControlConfig;
import io.signalbox.host.config.ListReading;
import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.request.RequestHeaders;
import io.signalbox.host.request.ScanResult.Scanned;
import io.signalbox.host.signals.FleetSnapshot;
import io.signalbox.host.strategy.StrategyRegistry;
import io.signalbox.sdk.Signal;
import io.signalbox.strategies.BuiltinStrategies;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;

/**
 * Lets many requests wait in front of full endpoints, then lets them go one after the other. What
 * is measured is a request as the router keeps it: its head, its place in the queue and its timer.
 * Bodies are the budget of the doors, and what a door holds for a connection is the door's.
 */
@Command(
    name = "flow-control",
    mixinStandardHelpOptions = true,
    description = "What requests cost that wait while endpoints are full.")
final class FlowControlCommand implements Callable<Integer> {
  private static final int REQUESTS = 100_000;
  private static final int USERS = 10_000;
  private static final int ENDPOINTS = 10;
  private static final int COLLECTIONS = 5;
  private static final Duration REST = Duration.ofMillis(200);
  private static final double NANOS_PER_MICRO = 1e3;

  /** All have the same: bodies are not measured. */
  private static final ByteBuffer BODY = ByteBuffer.allocate(1_000);

  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private final ArrayDeque<Picked> running = new ArrayDeque<>();
  private int refused;

  @Override
  public Integer call() throws Exception {
    var options =
        new VertxOptions()
            .setMaxEventLoopExecuteTime(1)
            .setMaxEventLoopExecuteTimeUnit(TimeUnit.HOURS);
    var vertx = Vertx.vertx(options);
    try {
      System.out.print(
          """
          | requests waiting | of users | heap, MB | heap for each, bytes | to wait, us | to go, us |
          |---|---|---|---|---|---|
          """);
      for (int users : new int[] {1, USERS, REQUESTS}) {
        System.out.print(vertx.executeBlocking(() -> measure(vertx, users)).await());
      }
    } finally {
      vertx.close().await();
    }
    return 0;
  }

  private String measure(Vertx vertx, int users) {
    var router = router(vertx);
    // Code and tables that the first requests bring are not theirs.
    enter(router, users, REQUESTS / 10);
    drain(router, REQUESTS / 10);
    long before = usedBytes();
    double toWait = enter(router, users, REQUESTS);
    double bytes = usedBytes() - before;
    double toGo = drain(router, REQUESTS);
    return String.format(
        Locale.ROOT,
        "| %d | %d | %.0f | %.0f | %.1f | %.1f |%n",
        REQUESTS,
        users,
        bytes / 1e6,
        bytes / REQUESTS,
        toWait,
        toGo);
  }

  /** Microseconds for each. */
  private double enter(Router router, int users, int requests) {
    router.use(fleet(true));
    long begin = System.nanoTime();
    for (int i = 0; i < requests; i++) {
      router.route(request(i % users), this::take);
    }
    if (refused > 0 || !running.isEmpty()) {
      throw new IllegalStateException("not all wait");
    }
    return (System.nanoTime() - begin) / NANOS_PER_MICRO / requests;
  }

  /** Ends one exchange after the other; microseconds for each. */
  private double drain(Router router, int requests) {
    router.use(fleet(false));
    long begin = System.nanoTime();
    for (int gone = 0; gone < requests; gone++) {
      work();
      var picked = running.remove();
      picked.reservation().release();
      picked.observation().completed();
    }
    work();
    if (refused > 0 || !running.isEmpty()) {
      throw new IllegalStateException("not all went");
    }
    return (System.nanoTime() - begin) / NANOS_PER_MICRO / requests;
  }

  /** What an event loop would do. */
  private void work() {
    for (var task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  private void take(RoutingResult result) {
    if (result instanceof Picked picked) {
      running.add(picked);
    } else {
      refused++;
    }
  }

  private static FleetSnapshot fleet(boolean full) {
    return SampledFleet.of(ENDPOINTS, Map.of(Signal.WAITING, row -> full ? 100 : 0));
  }

  private Router router(Vertx vertx) {
    var absent = FlowControlConfig.DEFAULT;
    var flowControl =
        new FlowControlConfig(true, REQUESTS, Duration.ofHours(1), absent.full(), absent.weights());
    var plan =
        RoutingPlan.read(
            StrategyRegistry.local(BuiltinStrategies.create()),
            EnumSet.allOf(Signal.class),
            new ChainTexts(
                "least-request",
                Map.of(),
                Map.of(),
                ListReading.NARROW,
                Map.of(),
                Map.of(),
                flowControl),
            (name, problem) -> {
              throw new IllegalStateException(problem);
            });
    return new Router(
        plan,
        fleet(true),
        new Router.Surroundings(
            new SplittableRandom(1),
            System::nanoTime,
            (delay, task) -> {
              long id = vertx.setTimer(delay.toMillis(), fired -> task.run());
              return () -> vertx.cancelTimer(id);
            },
            tasks::add,
            new Router.Shared(RequestSignals.UNKNOWN, List.of(), new Queues(System::nanoTime))));
  }

  /** A request with headers of its own, as clients send them. */
  private static InferenceRequest request(int user) {
    return new InferenceRequest(
        new Scanned(RequestBodies.MODEL, "user-" + user, true),
        RequestHeaders.of(
            Map.of(
                "host", "signalbox.example",
                "user-agent", "OpenAI/Python 2.8.1",
                "accept", "application/json",
                "content-type", "application/json",
                "content-length", String.valueOf(1_000 + user),
                "x-request-id", "0123456789abcdef-" + user)),
        BODY::duplicate);
  }

  /** The least of several looks. */
  private static long usedBytes() {
    var memory = ManagementFactory.getMemoryMXBean();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < COLLECTIONS; i++) {
      memory.gc();
      Pause.of(REST);
      least = Math.min(least, memory.getHeapMemoryUsage().getUsed());
    }
    return least;
  }
}
