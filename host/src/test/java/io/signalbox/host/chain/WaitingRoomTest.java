package io.signalbox.host.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.chain.RoutingResult.QueueFull;
import io.signalbox.host.chain.RoutingResult.QueueTimeout;
import io.signalbox.host.chain.RoutingResult.Unrouted;
import io.signalbox.host.signals.FleetSnapshot;
import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.QueuePolicy;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Scorer;
import io.signalbox.sdk.Signal;
import io.signalbox.sdk.Strategy;
import io.signalbox.sdk.StrategyContext;
import io.signalbox.sdk.StrategyFactory;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Requests that wait until an endpoint has room: one place each, three may wait. */
class WaitingRoomTest {
  private static final String CHAIN = "one-place";
  private static final String RANK = "x-rank";

  private final List<String> told = new ArrayList<>();
  private final Bench bench = new Bench("a", "b").with(new OnePlace(told));

  /** Least request, with a place for one request at each endpoint; the header says the rank. */
  private record OnePlace(List<String> told) implements StrategyFactory, QueuePolicy {
    @Override
    public String id() {
      return CHAIN;
    }

    @Override
    public Set<Signal> needs() {
      return Set.of(Signal.IN_FLIGHT);
    }

    @Override
    public Strategy create(StrategyContext context) {
      return new Scorer() {
        @Override
        public Direction prefers() {
          return Direction.LOWER;
        }

        @Override
        public void score(RouteRequest request, Candidates candidates, double[] scores) {
          System.arraycopy(candidates.column(Signal.IN_FLIGHT), 0, scores, 0, candidates.size());
        }
      };
    }

    @Override
    public Optional<QueuePolicy> queuePolicy(StrategyContext context) {
      return Optional.of(this);
    }

    @Override
    public boolean admits(RouteRequest request, Candidates candidates) {
      var inFlight = candidates.column(Signal.IN_FLIGHT);
      for (int i = 0; i < candidates.size(); i++) {
        if (inFlight[i] == 0) {
          return true;
        }
      }
      return false;
    }

    @Override
    public void arrived(RouteRequest request, Candidates candidates) {
      told.add("arrived " + name(request));
    }

    @Override
    public void departed(RouteRequest request) {
      told.add("departed " + name(request));
    }

    private static String name(RouteRequest request) {
      return String.valueOf(request.header("x-name"));
    }

    @Override
    public double rank(RouteRequest request, double waitedSeconds) {
      return Double.parseDouble(String.valueOf(request.header(RANK)));
    }

    @Override
    public int capacity() {
      return 3;
    }

    @Override
    public double longestWaitSeconds() {
      return 5;
    }
  }

  /** One request and what became of it. */
  private static final class Call {
    private final List<RoutingResult> results = new ArrayList<>();
    private final Pending pending;

    Call(Router router, String chain, String name, int rank) {
      var headers = Map.of(Router.HEADER, chain, RANK, String.valueOf(rank), "x-name", name);
      pending = router.route(Bench.request(headers, ""), results::add);
    }

    boolean waits() {
      return results.isEmpty();
    }

    Picked picked() {
      assertThat(results).hasSize(1);
      return (Picked) results.getFirst();
    }

    /** The engine answered. */
    void end() {
      picked().reservation().release();
      picked().observation().completed();
    }
  }

  private static Call call(Router router, String name, int rank) {
    return new Call(router, CHAIN, name, rank);
  }

  @Test
  void aRequestGoesWhereThereIsRoomAndWaitsWhereThereIsNone() {
    var router = bench.router();
    var first = call(router, "first", 1);
    var second = call(router, "second", 1);
    var third = call(router, "third", 1);

    assertThat(first.picked().endpoint()).isNotEqualTo(second.picked().endpoint());
    assertThat(third.waits()).isTrue();

    second.end();

    assertThat(third.picked().endpoint()).isEqualTo(second.picked().endpoint());
    assertThat(told)
        .containsExactly(
            "arrived first",
            "departed first",
            "arrived second",
            "departed second",
            "arrived third",
            "departed third");
  }

  @Test
  void theLowestRankGoesFirstAndOfEqualOnesTheOlder() {
    var router = bench.router();
    var first = call(router, "first", 1);
    var other = call(router, "other", 1);
    var old = call(router, "old", 2);
    var young = call(router, "young", 2);
    var urgent = call(router, "urgent", 1);

    first.end();
    assertThat(urgent.waits()).isFalse();
    assertThat(List.of(old.waits(), young.waits())).containsExactly(true, true);

    urgent.end();
    assertThat(List.of(old.waits(), young.waits())).containsExactly(false, true);

    other.end();
    assertThat(young.waits()).isFalse();
  }

  @Test
  void oneMoreThanMayWaitIsRefused() {
    var router = bench.router();
    for (int i = 0; i < 5; i++) {
      call(router, "filler", 1);
    }

    var refused = call(router, "late", 1);

    assertThat(refused.results)
        .singleElement()
        .isEqualTo(new QueueFull("m", 3, Duration.ofSeconds(1)));
    assertThat(((Unrouted) refused.results.getFirst()).refusal().status()).isEqualTo(429);
    assertThat(told).endsWith("arrived late", "departed late");
  }

  @Test
  void whoWaitsTooLongIsRefused() {
    var router = bench.router();
    call(router, "a", 1);
    call(router, "b", 1);
    var late = call(router, "late", 1);

    bench.timers().fireAll();

    assertThat(late.results)
        .singleElement()
        .isEqualTo(new QueueTimeout("m", Duration.ofSeconds(5), Duration.ofSeconds(1)));
    var refusal = ((Unrouted) late.results.getFirst()).refusal();
    assertThat(refusal.status()).isEqualTo(429);
    assertThat(refusal.headers()).isEqualTo(Map.of("retry-after", "1"));
  }

  @Test
  void whoLeavesIsNeverToldAndTakesNoPlace() {
    var router = bench.router();
    var first = call(router, "first", 1);
    call(router, "second", 1);
    var gone = call(router, "gone", 1);
    var next = call(router, "next", 2);

    gone.pending.cancel();
    first.end();
    bench.timers().fireAll();

    assertThat(gone.results).isEmpty();
    assertThat(next.waits()).isFalse();
    assertThat(bench.inFlight()).isEqualTo(2);
  }

  @Test
  void exchangesOfOtherChainsMakeRoomToo() {
    var router = bench.router();
    var plain = new Call(router, "least-request", "plain", 1);
    call(router, "first", 1);
    var waiting = call(router, "waiting", 1);
    assertThat(waiting.waits()).isTrue();

    plain.end();

    assertThat(waiting.waits()).isFalse();
  }

  @Test
  void aSnapshotMakesRoomToo() {
    var router = bench.router();
    var first = call(router, "first", 1);
    call(router, "second", 1);
    var waiting = call(router, "waiting", 1);
    first.picked().reservation().release();

    router.use(bench.snapshot());

    assertThat(waiting.waits()).isFalse();
  }

  @Test
  void eventLoopsShareAQueue() {
    var queues = new Queues(System::nanoTime);
    var here = bench.router("random", queues);
    var there = bench.router("random", queues);
    var first = call(here, "first", 1);
    call(here, "second", 1);
    var waitsThere = call(there, "there", 1);
    var waitsHere = call(here, "here", 2);
    assertThat(queues.waiting("m")).isEqualTo(2);

    first.end();

    assertThat(waitsThere.waits()).isFalse();
    assertThat(waitsHere.waits()).isTrue();
    assertThat(queues.waiting("m")).isEqualTo(1);
  }

  @Test
  void whoWaitsForAModelThatGoesAwayIsToldSo() {
    var router = bench.router();
    call(router, "first", 1);
    call(router, "second", 1);
    var waiting = call(router, "waiting", 1);

    router.use(FleetSnapshot.EMPTY);

    assertThat(waiting.results).singleElement().isInstanceOf(RoutingResult.NoCandidates.class);
  }

  @Test
  void roomThatComesBetweenTwoLooksIsForTheOneThatIsFirst() {
    var answers = new ArrayDeque<>(List.of(true));
    var policy =
        new QueuePolicy() {
          @Override
          public boolean admits(RouteRequest request, Candidates candidates) {
            return answers.remove();
          }

          @Override
          public double rank(RouteRequest request, double waitedSeconds) {
            return Double.parseDouble(String.valueOf(request.header(RANK)));
          }

          @Override
          public int capacity() {
            return 3;
          }

          @Override
          public double longestWaitSeconds() {
            return 5;
          }
        };
    var router = new Bench("a").with(new Factory(policy)).router();
    var first = new Call(router, "scripted", "first", 1);
    // There is no room when the urgent one comes, and none when it is in the queue.
    answers.addAll(List.of(false, false));
    var urgent = new Call(router, "scripted", "urgent", 1);
    var patient = new Call(router, "scripted", "patient", 2);
    // None for the urgent one, then room for the patient one, and so for the urgent one too.
    answers.addAll(List.of(false, true, true, false));

    first.end();

    assertThat(urgent.waits()).isFalse();
    assertThat(patient.waits()).isTrue();
  }

  private record Factory(QueuePolicy policy) implements StrategyFactory {
    @Override
    public String id() {
      return "scripted";
    }

    @Override
    public Strategy create(StrategyContext context) {
      return new OnePlace(new ArrayList<>()).create(context);
    }

    @Override
    public Optional<QueuePolicy> queuePolicy(StrategyContext context) {
      return Optional.of(policy);
    }
  }

  @Test
  void queuesThatClientsNameAreBounded() {
    var queues = new Queues(System::nanoTime);
    var policy = new OnePlace(told);
    for (int i = 0; i < 2 * Queues.MAX_QUEUES; i++) {
      assertThat(queues.find("m", new QueueRule.OfStrategy("rule" + i, policy))).isNotNull();
    }

    assertThat(queues.size()).isLessThanOrEqualTo(Queues.MAX_QUEUES);
  }
}
