package io.signalbox.strategies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.signalbox.sdk.Completion;
import io.signalbox.sdk.ExchangeObserver;
import io.signalbox.sdk.Parameters;
import io.signalbox.sdk.QueuePolicy;
import io.signalbox.sdk.RequestRefusedException;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Scorer;
import io.signalbox.sdk.Signal;
import io.signalbox.sdk.StrategyContext;
import io.signalbox.sdk.StrategyFactory;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The strategies that count in shares of an endpoint. */
class SloTest {
  private static final double UNKNOWN = Double.NaN;
  private static final double NEVER = 1e9;

  private final PendingLoad pending = new PendingLoad();
  private final StrategyFactory pulling = SloLeastLoadPulling.factory(pending);
  private final StrategyFactory push = SloLeastLoad.factory(pending);
  private final StrategyFactory pack = SloPackLoad.factory(pending);

  private static RouteRequest request() {
    return Requests.of("m");
  }

  /** A request that takes these shares, with a second to spare everywhere. */
  private static Columns taking(double... shares) {
    var slack = new double[shares.length];
    Arrays.fill(slack, 1);
    return Columns.of(Signal.CONSUMPTION, shares).with(Signal.SLO_SLACK, slack);
  }

  private static Scorer scorer(StrategyFactory factory) {
    return (Scorer) Columns.create(factory, Map.of());
  }

  private static double[] scores(Scorer scorer, RouteRequest request, Columns candidates) {
    var scores = new double[candidates.size()];
    scorer.score(request, candidates, scores);
    return scores;
  }

  /** Makes it so that this much of each endpoint is taken. */
  private Ends take(double... shares) {
    var scorer = scorer(push);
    var candidates = taking(shares);
    var ends = Ends.of(scorer, candidates);
    for (int i = 0; i < shares.length; i++) {
      var _ = scores(scorer, ends.requests().get(i), candidates);
      ends.observer().onReserved(ends.requests().get(i), candidates.endpoint(i));
    }
    return ends;
  }

  /** Requests in flight, one at each endpoint, and who wants to know of their ends. */
  private record Ends(ExchangeObserver observer, Columns candidates, List<RouteRequest> requests) {
    static Ends of(Scorer scorer, Columns candidates) {
      var requests = candidates.endpoints().stream().map(endpoint -> request()).toList();
      return new Ends((ExchangeObserver) scorer, candidates, requests);
    }
  }

  /** A rule in a situation; what is not given is unknown, and has no score. */
  record Row(String name, String id, List<Double> taken, List<Double> shares, List<Double> scores) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static List<Double> of(Double... numbers) {
    return List.of(numbers);
  }

  private static double[] array(List<Double> numbers) {
    return numbers.stream().mapToDouble(Double::doubleValue).toArray();
  }

  static Stream<Row> rows() {
    var pull = "slo-least-load-pulling";
    var packs = "slo-pack-load";
    return Stream.of(
        new Row("taken and asked for", pull, of(0.3, 0.1), of(0.2, 0.1), of(0.5, 0.2)),
        new Row("slo is the same", "slo", of(0.3, 0.1), of(0.2, 0.1), of(0.5, 0.2)),
        new Row("past the queue the excess counts", pull, of(0.8, 0.9), of(0.3, 0.3), of(1.1, 1.2)),
        new Row("an unknown share", pull, of(0.0, 0.0), of(UNKNOWN, 0.1), of(UNKNOWN, 0.1)),
        new Row("who never can", pull, of(0.0, 0.0), of(NEVER, 0.1), of(UNKNOWN, 0.1)),
        new Row(
            "who never can beside an unknown",
            pull,
            of(0.0),
            of(NEVER, UNKNOWN),
            of(UNKNOWN, UNKNOWN)),
        new Row("push: taken alone", "slo-least-load", of(0.9, 0.1), of(0.9, 0.9), of(0.9, 0.1)),
        new Row(
            "push: who never can",
            "slo-least-load",
            of(0.9, 0.1),
            of(0.1, NEVER),
            of(0.9, UNKNOWN)),
        new Row("push: nobody can", "slo-least-load", of(0.9, 0.1), of(NEVER, NEVER), of(0.9, 0.1)),
        new Row("pack: what fits", packs, of(0.3, 0.8), of(0.2, 0.2), of(0.5, 1.0)),
        new Row("pack: what does not", packs, of(0.3, 0.9), of(0.2, 0.2), of(0.5, -0.1)),
        new Row("pack: nothing taken", packs, of(0.0, 0.0), of(0.0, 0.0), of(0.0, 0.0)));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void theScore(Row row) {
    var _ = take(array(row.taken()));
    var factory =
        Stream.of(pulling, push, pack, SloLeastLoadPulling.slo(pending))
            .filter(each -> each.id().equals(row.id()))
            .findFirst()
            .orElseThrow();

    var scores = scores(scorer(factory), request(), taking(array(row.shares())));

    assertThat(scores).containsExactly(array(row.scores()), within(1e-9));
  }

  @Test
  void aRequestThatNobodyCanServeInTimeIsRefused() {
    for (var factory : new StrategyFactory[] {pulling, pack}) {
      assertThatExceptionOfType(RequestRefusedException.class)
          .isThrownBy(() -> scores(scorer(factory), request(), taking(NEVER, NEVER)))
          .satisfies(refused -> assertThat(refused.status()).isEqualTo(503));
    }
  }

  @Test
  void withoutATargetNothingIsKnown() {
    var candidates = taking(0.1).with(Signal.SLO_SLACK, UNKNOWN);

    assertThat(scores(scorer(pulling), request(), candidates)).containsExactly(UNKNOWN);
    assertThat(queue(Map.of()).admits(request(), candidates)).isTrue();
  }

  static Stream<BiConsumer<ExchangeObserver, RouteRequest>> ends() {
    var endpoint = Columns.ports(1).endpoint(0);
    return Stream.of(
        (observer, request) ->
            observer.onCompleted(request, endpoint, new Completion(200, 1, 1, 1)),
        (observer, request) -> observer.onFailed(request, endpoint),
        (observer, request) -> observer.onCancelled(request, endpoint));
  }

  @ParameterizedTest
  @MethodSource("ends")
  void everyEndGivesBackOnce(BiConsumer<ExchangeObserver, RouteRequest> end) {
    var other = take(0.25);
    var ends = take(0.3);
    var endpoint = ends.candidates().endpoint(0);

    end.accept(ends.observer(), ends.requests().getFirst());
    end.accept(ends.observer(), ends.requests().getFirst());

    assertThat(pending.taken(endpoint)).isEqualTo(250_000_000);
    end.accept(other.observer(), other.requests().getFirst());
    assertThat(pending.endpoints()).isZero();
  }

  @Test
  void aRequestThatIsTriedAgainElsewhereTakesItsShareOnce() {
    var ends = take(0.3, 0);
    var again = taking(0.3, 0.4);
    var _ = scores((Scorer) ends.observer(), ends.requests().getFirst(), again);

    ends.observer().onReserved(ends.requests().getFirst(), again.endpoint(1));

    assertThat(pending.taken(again.endpoint(0))).isZero();
    assertThat(pending.taken(again.endpoint(1))).isEqualTo(400_000_000);
  }

  private QueuePolicy queue(Map<String, String> parameters) {
    return pulling
        .queuePolicy(
            StrategyContext.of(
                Parameters.of(pulling.parameters(), parameters), new SplittableRandom(1), () -> 0))
        .orElseThrow();
  }

  /** Whether a request with these shares need not wait. */
  record Room(String name, List<Double> taken, List<Double> shares, boolean there) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Room> rooms() {
    return Stream.of(
        new Room("somewhere", of(0.9, 0.5), of(0.2, 0.2), true),
        new Room("nowhere", of(0.9, 0.9), of(0.2, 0.2), false),
        new Room("exactly", of(0.8), of(0.2), true),
        new Room("a seventh of seven", of(6 / 7.0), of(1.0 / 7.0), true),
        new Room("all of one that is empty", of(0.0), of(1.0), true),
        new Room("none anywhere ever: it is refused at once", of(0.9), of(NEVER), true),
        new Room("nothing known", of(0.9), of(UNKNOWN), true),
        new Room("full, and another unknown", of(0.9, 0.0), of(0.2, UNKNOWN), false));
  }

  @ParameterizedTest
  @MethodSource("rooms")
  void whoWaits(Room row) {
    var _ = take(array(row.taken()));

    assertThat(queue(Map.of()).admits(request(), taking(array(row.shares()))))
        .isEqualTo(row.there());
  }

  @Test
  void theMostUrgentGoesFirst() {
    var queue = queue(Map.of());
    var early = request();
    var late = request();
    var unknown = request();
    queue.arrived(early, taking(0.1, 0.1).with(Signal.SLO_SLACK, 2, 5));
    queue.arrived(late, taking(0.1, NEVER).with(Signal.SLO_SLACK, -1, 100));
    queue.arrived(unknown, taking(UNKNOWN, UNKNOWN));

    assertThat(queue.rank(early, 1)).isEqualTo(4);
    assertThat(queue.rank(late, 1)).isEqualTo(-2);
    assertThat(queue.rank(early, 8)).isLessThan(queue.rank(late, 1));
    assertThat(
            Stream.of(early, late, unknown).min(Comparator.comparingDouble(r -> queue.rank(r, 1))))
        .containsSame(unknown);

    queue.departed(late);
    assertThat(queue.rank(late, 1)).isEqualTo(Double.NEGATIVE_INFINITY);
  }

  @Test
  void theQueuesBounds() {
    var usual = queue(Map.of());
    var own = queue(Map.of("max-queue", "7", "max-wait", "0.5"));

    assertThat(usual.capacity()).isEqualTo(1_000);
    assertThat(usual.longestWaitSeconds()).isEqualTo(30);
    assertThat(own.capacity()).isEqualTo(7);
    assertThat(own.longestWaitSeconds()).isEqualTo(0.5);
  }

  @Test
  void nobodyWaitsForPush() {
    var context = StrategyContext.of(Parameters.NONE, new SplittableRandom(1), () -> 0);

    assertThat(push.queuePolicy(context)).isEmpty();
    assertThat(Stream.of(pulling, push, pack).map(factory -> factory.fallback().orElse("")))
        .containsOnly("least-request");
  }
}
