package io.signalbox.host.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.chain.RoutingResult.Displaced;
import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.chain.RoutingResult.QueueFull;
import io.signalbox.host.chain.RoutingResult.QueueTimeout;
import io.signalbox.host.chain.RoutingResult.Unrouted;
import io.signalbox.host.config.FlowControlConfig;
import io.signalbox.host.config.FlowControlConfig.Full;
import io.signalbox.host.config.FlowControlConfig.Weights;
import io.signalbox.host.config.ModelRouting;
import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.request.OutputLengths;
import io.signalbox.host.request.RequestHeaders;
import io.signalbox.host.request.ScanResult.Scanned;
import io.signalbox.host.request.Steering;
import io.signalbox.host.request.SteeringHeaders;
import io.signalbox.host.telemetry.Reason;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Signal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that wait while all endpoints of their model are full. */
class FlowControlTest {
  private static final Duration LONGEST = Duration.ofSeconds(5);
  private static final Double UNKNOWN = Double.NaN;

  private static FlowControlConfig flowControl(int maxWaiting, int inFlight) {
    return new FlowControlConfig(
        true,
        maxWaiting,
        LONGEST,
        new Full(inFlight == 0 ? OptionalInt.empty() : OptionalInt.of(inFlight), 5, 0.8),
        new Weights(1, 2));
  }

  /** Two endpoints with a place for one request each; some may wait. */
  private static Bench bench(int maxWaiting) {
    return new Bench("a", "b")
        .flowControl(flowControl(maxWaiting, 1))
        .prioritised(Map.of("batch", -1, "chat", 1));
  }

  /** One request and what became of it. */
  private static final class Call {
    private final List<RoutingResult> results = new ArrayList<>();
    private final Pending pending;

    Call(Router router, RouteRequest request) {
      pending = router.route(request, results::add);
    }

    boolean waits() {
      return results.isEmpty();
    }

    Picked picked() {
      assertThat(results).hasSize(1);
      return (Picked) results.getFirst();
    }

    Unrouted refused() {
      assertThat(results).hasSize(1);
      return (Unrouted) results.getFirst();
    }

    void end() {
      picked().reservation().release();
      picked().observation().completed();
    }
  }

  private static Call call(Router router, String user, String objective) {
    var headers = new TreeMap<String, String>();
    if (!objective.isEmpty()) {
      headers.put(SteeringHeaders.OBJECTIVE, objective);
    }
    return new Call(router, request(user, headers, Steering.NONE));
  }

  private static RouteRequest request(String user, Map<String, String> headers, Steering steering) {
    var body = ByteBuffer.allocate(400);
    return new InferenceRequest(
        new Scanned("m", user, false),
        RequestHeaders.of(headers),
        body::duplicate,
        OutputLengths.NONE,
        steering);
  }

  private static Call call(Router router) {
    return call(router, "ann", "");
  }

  /** What two endpoints have, and whether a request then waits. */
  record Row(String name, int inFlight, List<Double> waiting, List<Double> kvCache, boolean waits) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static List<Double> of(Double... values) {
    return List.of(values);
  }

  static List<Row> rows() {
    return List.of(
        new Row("nothing to do", 0, of(0.0, 0.0), of(0.0, 0.0), false),
        new Row("full by their queues", 0, of(5.0, 6.0), of(0.0, 0.0), true),
        new Row("full by their caches", 0, of(0.0, 0.0), of(0.8, 0.9), true),
        new Row("full by what we sent", 3, of(0.0, 0.0), of(0.0, 0.0), true),
        new Row("full by one or another", 0, of(5.0, 0.0), of(0.0, 0.8), true),
        new Row("one has room", 0, of(9.0, 4.0), of(1.0, 0.7), false),
        new Row("only one tells, and is full", 0, of(9.0, UNKNOWN), of(UNKNOWN, UNKNOWN), true),
        new Row("only one tells, and has room", 0, of(1.0, UNKNOWN), of(UNKNOWN, UNKNOWN), false),
        new Row("nobody tells", 2, of(UNKNOWN, UNKNOWN), of(UNKNOWN, UNKNOWN), false));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void requestsWaitWhileAllEndpointsThatTellAreFull(Row row) {
    boolean bounded = row.inFlight() == 3;
    var bench = new Bench("a", "b").flowControl(flowControl(9, bounded ? 3 : 0));
    for (int i = 0; i < 2; i++) {
      var host = i == 0 ? "a" : "b";
      bench.inFlight(host, row.inFlight());
      if (!Double.isNaN(row.waiting().get(i))) {
        bench.sample(host, Signal.WAITING, row.waiting().get(i));
      }
      if (!Double.isNaN(row.kvCache().get(i))) {
        bench.sample(host, Signal.KV_CACHE_USAGE, row.kvCache().get(i));
      }
    }

    assertThat(call(bench.router()).waits()).isEqualTo(row.waits());
  }

  @Test
  void nobodyWaitsByDefault() {
    var bench = new Bench("a").sample("a", Signal.WAITING, 99);

    assertThat(call(bench.router()).waits()).isFalse();
  }

  @Test
  void aModelMaySayItForItself() {
    var routing =
        new ModelRouting(
            Optional.empty(), Optional.empty(), new TreeMap<>(), Optional.of(flowControl(9, 1)));
    var router = new Bench("a").routing(routing).router();
    call(router);

    assertThat(call(router).waits()).isTrue();
  }

  @Test
  void theChainChoosesAmongThoseThatAreNotFull() {
    var bench =
        new Bench("a", "b")
            .flowControl(flowControl(9, 0))
            .sample("a", Signal.WAITING, 5)
            .sample("a", Signal.KV_CACHE_USAGE, 0)
            .sample("b", Signal.WAITING, 0)
            .sample("b", Signal.KV_CACHE_USAGE, 0.7);
    var router = bench.router("least-kv-cache");

    assertThat(call(router).picked().endpoint().host()).isEqualTo("b");
  }

  @Test
  void noEndpointHasMoreInFlightThanItMay() {
    var router = bench(9).router("random");
    var calls = IntStream.range(0, 6).mapToObj(i -> call(router)).toList();

    assertThat(calls.stream().filter(Call::waits)).hasSize(4);
    assertThat(calls.get(0).picked().endpoint()).isNotEqualTo(calls.get(1).picked().endpoint());

    calls.get(0).end();

    assertThat(calls.get(2).picked().endpoint()).isEqualTo(calls.get(0).picked().endpoint());
    assertThat(calls.get(3).waits()).isTrue();
  }

  @Test
  void asManyGoAtOnceAsThereIsRoomFor() {
    var bench = new Bench("a").flowControl(flowControl(99, 10)).inFlight("a", 10);
    var router = bench.router();
    var calls = IntStream.range(0, 12).mapToObj(i -> call(router)).toList();
    assertThat(calls).allMatch(Call::waits);

    // An engine with room for ten comes in its place.
    router.use(new Bench("b").snapshot());

    assertThat(calls.subList(0, 10)).noneMatch(Call::waits);
    assertThat(calls.subList(10, 12)).allMatch(Call::waits);
  }

  @Test
  void notAllRushToAnEngineThatJustToldOfRoom() {
    var bench = new Bench("a").flowControl(flowControl(500, 0)).sample("a", Signal.WAITING, 5);
    var router = bench.router();
    var calls = IntStream.range(0, 200).mapToObj(i -> call(router)).toList();
    assertThat(calls).allMatch(Call::waits);

    var told = new Bench("a").sample("a", Signal.WAITING, 0);
    router.use(told.snapshot());

    assertThat(calls.stream().filter(call -> !call.waits())).hasSize(Fullness.BETWEEN_TELLINGS);

    // One that ended there makes room for the next.
    calls.getFirst().end();

    assertThat(calls.stream().filter(call -> !call.waits())).hasSize(Fullness.BETWEEN_TELLINGS + 1);
  }

  @Test
  void notAllRushToEnginesThatFellSilent() {
    var bench = new Bench("a").flowControl(flowControl(500, 0)).sample("a", Signal.WAITING, 5);
    var router = bench.router();
    var calls = IntStream.range(0, 200).mapToObj(i -> call(router)).toList();

    router.use(bench.staleSnapshot());

    assertThat(calls.stream().filter(call -> !call.waits())).hasSize(Fullness.BETWEEN_TELLINGS);
  }

  @Test
  void theHighestPriorityGoesFirst() {
    var router = bench(9).router();
    var first = call(router);
    var second = call(router);
    var batch = call(router, "ann", "batch");
    var plain = call(router, "ann", "");
    var chat = call(router, "ann", "chat");

    first.end();
    assertThat(List.of(chat.waits(), plain.waits(), batch.waits()))
        .containsExactly(false, true, true);
    second.end();
    assertThat(List.of(plain.waits(), batch.waits())).containsExactly(false, true);
    chat.end();
    assertThat(batch.waits()).isFalse();
  }

  @Test
  void aLowPriorityWaitsWhereItWouldBeShedWithoutFlowControl() {
    var bench = bench(9).sample("a", Signal.WAITING, 9).sample("b", Signal.WAITING, 9);

    assertThat(call(bench.router(), "ann", "batch").waits()).isTrue();
  }

  @Test
  void usersOfOnePriorityTakeTurns() {
    var router = new Bench("a").flowControl(flowControl(9, 1)).router();
    var running = call(router, "x", "");
    var waiting = new LinkedHashMap<Call, String>();
    for (var user : List.of("ann", "ann", "ann", "ann", "bob", "bob")) {
      waiting.put(call(router, user, ""), user);
    }

    var order = new ArrayList<String>();
    while (!waiting.isEmpty()) {
      running.end();
      running = waiting.keySet().stream().filter(call -> !call.waits()).findFirst().orElseThrow();
      order.add(waiting.remove(running));
    }

    assertThat(order).containsExactly("ann", "bob", "ann", "bob", "ann", "ann");
  }

  @Test
  void oneMoreThanMayWaitIsRefused() {
    var router = bench(1).router();
    call(router);
    call(router);
    call(router);

    var refused = call(router).refused();

    assertThat(refused).isEqualTo(new QueueFull("m", 1, Duration.ofSeconds(1)));
    assertThat(refused.refusal().status()).isEqualTo(429);
    assertThat(refused.refusal().headers()).isEqualTo(Map.of("retry-after", "1"));
  }

  @Test
  void whoCountsForMoreTakesThePlaceOfTheNewestThatCountsForLess() {
    var router = bench(3).router();
    call(router);
    call(router);
    var old = call(router, "ann", "batch");
    var young = call(router, "bob", "batch");
    var plain = call(router, "ann", "");

    var chat = call(router, "ann", "chat");

    assertThat(chat.waits()).isTrue();
    assertThat(plain.waits()).isTrue();
    assertThat(old.waits()).isTrue();
    assertThat(young.refused()).isEqualTo(new Displaced("m", Duration.ofSeconds(1)));
    assertThat(young.refused().refusal().reason()).isEqualTo(Reason.DISPLACED);
    assertThat(young.refused().refusal().status()).isEqualTo(429);
    assertThat(call(router, "ann", "batch").refused()).isInstanceOf(QueueFull.class);
  }

  @Test
  void aUserWhoFillsTheQueueMakesRoomForOthers() {
    var router = bench(3).router();
    call(router);
    call(router);
    var ann = IntStream.range(0, 3).mapToObj(i -> call(router, "ann", "")).toList();

    var bob = call(router, "bob", "");
    assertThat(bob.waits()).isTrue();
    assertThat(ann.get(2).refused()).isInstanceOf(Displaced.class);

    // Now ann has two and bob one: nobody has to make room for bob any more.
    assertThat(call(router, "bob", "").refused()).isInstanceOf(QueueFull.class);
    assertThat(call(router, "ann", "").refused()).isInstanceOf(QueueFull.class);
  }

  @Test
  void whoWaitsTooLongIsRefused() {
    var bench = bench(9);
    var router = bench.router();
    call(router);
    call(router);
    var late = call(router);

    bench.timers().fireAll();

    assertThat(late.refused()).isEqualTo(new QueueTimeout("m", LONGEST, Duration.ofSeconds(1)));
    assertThat(late.refused().refusal().status()).isEqualTo(429);
  }

  @Test
  void aDoorMayHaveLessPatience() {
    var bench = bench(9);
    var router = bench.router();
    call(router);
    call(router);
    var patience = Duration.ofMillis(700);

    var impatient = new Call(router, request("ann", Map.of(), Steering.patient(patience)));
    var patient =
        new Call(router, request("ann", Map.of(), Steering.patient(Duration.ofMinutes(1))));

    assertThat(impatient.pending.longestWait()).isEqualTo(patience);
    assertThat(patient.pending.longestWait()).isEqualTo(LONGEST);
    assertThat(bench.timers().delays()).containsExactly(patience, LONGEST);
  }

  @Test
  void whoLeavesTakesNoPlace() {
    var bench = bench(1);
    var router = bench.router();
    var first = call(router);
    call(router);
    var gone = call(router);

    gone.pending.cancel();
    var next = call(router);
    first.end();
    bench.timers().fireAll();

    assertThat(gone.results).isEmpty();
    assertThat(next.waits()).isFalse();
    assertThat(bench.inFlight()).isEqualTo(2);
  }

  @Test
  void aQueueOfAStrategyIsBoundedToo() {
    var bench =
        new Bench("a")
            .flowControl(flowControl(1, 0))
            .sample("a", Signal.WAITING, 9)
            .sample("a", Signal.RUNNING, 0);
    var router = bench.router("vtc-basic;queue=100;max-load=50;max-wait=60");

    var waiting = call(router);

    assertThat(waiting.waits()).isTrue();
    assertThat(waiting.pending.longestWait()).isEqualTo(LONGEST);
    assertThat(call(router).refused()).isInstanceOf(QueueFull.class);

    router.use(
        new Bench("a").sample("a", Signal.WAITING, 0).sample("a", Signal.RUNNING, 0).snapshot());

    assertThat(waiting.waits()).isFalse();
  }

  @Test
  void aQueueThatIsTurnedOffDrains() {
    var bench = bench(9);
    var router = bench.router();
    var first = call(router);
    call(router);
    var waiting = call(router);

    router.use(bench.flowControl(FlowControlConfig.DEFAULT).plan("least-request"));
    var unhindered = call(router);
    assertThat(unhindered.waits()).isFalse();
    unhindered.end();
    assertThat(waiting.waits()).isTrue();

    first.end();

    assertThat(waiting.waits()).isFalse();
  }
}
