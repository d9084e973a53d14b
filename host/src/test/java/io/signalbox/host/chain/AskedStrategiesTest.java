package io.signalbox.host.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.chain.RoutingResult.RefusedByStrategy;
import io.signalbox.host.chain.RoutingResult.Rejected;
import io.signalbox.host.request.AnswerHead;
import io.signalbox.host.strategy.StageCall;
import io.signalbox.host.strategy.StrategyKind;
import io.signalbox.sdk.Completion;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.ExchangeObserver;
import io.signalbox.sdk.RequestRefusedException;
import io.signalbox.sdk.RouteRequest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Chains with strategies that live elsewhere: three endpoints a, b, c; the strategy is "far". */
class AskedStrategiesTest {
  private static final double UNKNOWN = Double.NaN;

  /**
   * One rule.
   *
   * @param answer what the strategy does when it is asked
   * @param host the endpoint that is chosen
   */
  record Row(
      String name,
      StrategyKind kind,
      String chain,
      Consumer<StageCall> answer,
      String host,
      String degraded) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Row scorer(String name, String chain, String host, String degraded, double... s) {
    return new Row(
        name, StrategyKind.SCORER, chain, call -> Scripted.scored(call, s), host, degraded);
  }

  private static void keep(StageCall call, boolean... keep) {
    System.arraycopy(keep, 0, call.keep(), 0, keep.length);
    call.answered();
  }

  private static void pick(StageCall call, int index) {
    call.pick(index);
    call.answered();
  }

  static List<Row> rows() {
    return List.of(
        scorer("the best score stays", "far", "b", "", 2, 1, 3),
        scorer("unknown loses against known", "far", "c", "", UNKNOWN, UNKNOWN, 9),
        scorer("the band counts", "far;band=1,last", "b", "", 1, 2, 9),
        scorer("nobody known", "far,last", "c", "far no-data", UNKNOWN, UNKNOWN, UNKNOWN),
        scorer("in a weighted stage with one called", "far:3+last", "a", "", 0, 9, 9),
        scorer("the called one can outweigh it", "far+last:3", "c", "", 0, 1, 1),
        new Row(
            "a filter says who stays",
            StrategyKind.FILTER,
            "far,last",
            call -> keep(call, true, true, false),
            "b",
            ""),
        new Row(
            "a filter that keeps nobody is skipped",
            StrategyKind.FILTER,
            "far,last",
            call -> keep(call, false, false, false),
            "c",
            ""),
        new Row(
            "a filter in a weighted stage",
            StrategyKind.FILTER,
            "far:3+last",
            call -> keep(call, false, true, false),
            "b",
            ""),
        new Row("a picker chooses", StrategyKind.PICKER, "far", call -> pick(call, 1), "b", ""),
        new Row(
            "a picker outside the candidates failed",
            StrategyKind.PICKER,
            "last,far",
            call -> pick(call, 3),
            "c",
            "far failed"),
        new Row(
            "a failure is skipped and reported",
            StrategyKind.SCORER,
            "far,last",
            call -> call.failed("broke"),
            "c",
            "far failed"),
        new Row(
            "one that throws is skipped and reported",
            StrategyKind.SCORER,
            "far,last",
            call -> {
              throw new IllegalStateException("broke");
            },
            "c",
            "far failed"),
        new Row(
            "one that passes is skipped and not reported",
            StrategyKind.SCORER,
            "far,last",
            StageCall::passed,
            "c",
            ""),
        new Row(
            "one that passes counts nothing in a weighted stage",
            StrategyKind.SCORER,
            "far:100+last",
            StageCall::passed,
            "c",
            ""),
        new Row(
            "one that fails takes its weighted stage along",
            StrategyKind.SCORER,
            "far:100+last;deadline=5ms,last",
            call -> call.failed("broke"),
            "c",
            "far:100+last;deadline=5ms failed"));
  }

  /** Prefers c over b over a. */
  private static Bench bench() {
    return new Bench("a", "b", "c")
        .with(Doubles.high("last", endpoint -> endpoint.host().charAt(0)));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void theAnswerCountsAsIfItHadBeenCalled(Row row) {
    var far = new Scripted("far", row.kind(), row.answer());
    var picked = (Picked) Bench.route(bench().asking(far).router(), Bench.request(row.chain()));

    assertThat(picked.endpoint().host()).isEqualTo(row.host());
    assertThat(picked.degraded()).isEqualTo(Optional.of(row.degraded()).filter(t -> !t.isEmpty()));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void anAnswerThatComesLaterIsTheSame(Row row) {
    var far = Scripted.silent("far", row.kind());
    var results = new ArrayList<RoutingResult>();
    bench().asking(far).router().route(Bench.request(row.chain()), results::add);
    assertThat(results).isEmpty();

    try {
      row.answer().accept(far.calls().getFirst());
    } catch (IllegalStateException e) {
      far.calls().getFirst().failed("broke");
    }

    var picked = (Picked) results.getFirst();
    assertThat(picked.endpoint().host()).isEqualTo(row.host());
    assertThat(picked.degraded()).isEqualTo(Optional.of(row.degraded()).filter(t -> !t.isEmpty()));
  }

  @Test
  void aStrictFilterThatKeepsNobodyRefusesLaterToo() {
    var far = Scripted.silent("far", StrategyKind.FILTER);
    var results = new ArrayList<RoutingResult>();
    bench().asking(far).router().route(Bench.request("far;strict"), results::add);

    keep(far.calls().getFirst(), false, false, false);

    assertThat(results).singleElement().isInstanceOf(Rejected.class);
  }

  @Test
  void aStrategyMayRefuseTheRequest() {
    var far = Scripted.silent("far", StrategyKind.PICKER);
    var results = new ArrayList<RoutingResult>();
    bench().asking(far).router().route(Bench.request("far"), results::add);

    far.calls().getFirst().refused(new RequestRefusedException(429, "slow down"));

    assertThat(results).containsExactly(new RefusedByStrategy(429, "slow down"));
    assertThat(((RefusedByStrategy) results.getFirst()).refusal().status()).isEqualTo(429);
  }

  @Test
  void pastTheDeadlineTheChainGoesOnAndTheAnswerIsIgnored() {
    var far = Scripted.silent("far", StrategyKind.SCORER);
    var bench = bench().asking(far);
    var results = new ArrayList<RoutingResult>();
    bench.router().route(Bench.request("far,last"), results::add);
    assertThat(bench.timers().delays()).containsExactly(far.deadline());

    bench.timers().fireAll();
    Scripted.scored(far.calls().getFirst(), 0, 1, 1);

    assertThat(results).hasSize(1);
    var picked = (Picked) results.getFirst();
    assertThat(picked.endpoint().host()).isEqualTo("c");
    assertThat(picked.degraded()).contains("far late");
  }

  @Test
  void theChainMaySayHowLongToWait() {
    var far = Scripted.silent("far", StrategyKind.SCORER);
    var bench = bench().asking(far);
    bench.router().route(Bench.request("far;deadline=30ms"), result -> {});

    assertThat(bench.timers().delays()).containsExactly(Duration.ofMillis(30));
  }

  @Test
  void anAnswerInTimeEndsTheDeadline() {
    var far = Scripted.silent("far", StrategyKind.SCORER);
    var bench = bench().asking(far);
    bench.router().route(Bench.request("far"), result -> {});

    Scripted.scored(far.calls().getFirst(), 1, 2, 3);

    assertThat(bench.timers().delays()).isEmpty();
  }

  @Test
  void theStrategiesOfAWeightedStageAreAskedAtOnce() {
    var one = Scripted.silent("one", StrategyKind.SCORER);
    var two = Scripted.silent("two", StrategyKind.SCORER);
    var results = new ArrayList<RoutingResult>();
    bench().asking(one, two).router().route(Bench.request("one+two:2"), results::add);

    Scripted.scored(two.calls().getFirst(), 1, 0, 1);
    assertThat(results).isEmpty();
    Scripted.scored(one.calls().getFirst(), 0, 1, 1);

    assertThat(((Picked) results.getFirst()).endpoint().host()).isEqualTo("b");
  }

  @Test
  void stagesAfterOneThatWaitedSeeWhoIsLeft() {
    var far = Scripted.silent("far", StrategyKind.FILTER);
    var next = Scripted.silent("next", StrategyKind.SCORER);
    var results = new ArrayList<RoutingResult>();
    bench().asking(far, next).router().route(Bench.request("far,next"), results::add);

    keep(far.calls().getFirst(), true, false, true);
    var candidates = next.calls().getFirst().question().candidates();
    assertThat(candidates.size()).isEqualTo(2);
    assertThat(candidates.endpoint(1).host()).isEqualTo("c");
    assertThat(candidates.row(1)).isEqualTo(2);
    Scripted.scored(next.calls().getFirst(), 2, 1);

    assertThat(((Picked) results.getFirst()).endpoint().host()).isEqualTo("c");
  }

  @Test
  void decisionsThatWaitDoNotMeetEachOther() {
    var far = Scripted.silent("far", StrategyKind.SCORER);
    var router = bench().asking(far).router();
    var results = new ArrayList<RoutingResult>();
    for (int i = 0; i < 3; i++) {
      router.route(Bench.request("far"), results::add);
    }

    Scripted.scored(far.calls().get(1), 9, 9, 0);
    Scripted.scored(far.calls().get(0), 0, 9, 9);
    Scripted.scored(far.calls().get(2), 9, 0, 9);

    assertThat(results)
        .extracting(result -> ((Picked) result).endpoint().host())
        .containsExactly("c", "a", "b");
  }

  @Test
  void parametersOfTheChainReachTheStrategy() {
    var far = Scripted.silent("far", StrategyKind.SCORER);
    var router = bench().asking(far).router();
    router.route(Bench.request("far;label=gold"), result -> {});
    router.route(Bench.request("far"), result -> {});

    assertThat(far.calls())
        .extracting(call -> call.question().parameters().text("label"))
        .containsExactly("gold", "none");
  }

  @Test
  void whoFollowsIsToldWhatWasChosenInTheEnd() {
    var chosen = new ArrayList<Endpoint>();
    var far =
        new Scripted(
            "far",
            StrategyKind.SCORER,
            call -> {
              call.follow(chosen::add);
              call.passed();
            });

    var _ = Bench.route(bench().asking(far).router(), Bench.request("far,last"));

    assertThat(chosen).extracting(Endpoint::host).containsExactly("c");
  }

  @Test
  void aStrategyThatWentAwayIsSkippedAndReported() {
    var bench = bench().departed("gone");

    var picked = (Picked) Bench.route(bench.router("gone,last"), Bench.request(null));

    assertThat(picked.endpoint().host()).isEqualTo("c");
    assertThat(picked.degraded()).contains("gone not-loaded");
  }

  @Test
  void observersLearnHowTheExchangeWent() {
    var news = new ArrayList<String>();
    var observer =
        new ExchangeObserver() {
          @Override
          public void onReserved(RouteRequest request, Endpoint endpoint) {
            news.add("reserved " + endpoint.host());
          }

          @Override
          public void onFirstToken(RouteRequest request, Endpoint endpoint, double seconds) {
            news.add("first token");
          }

          @Override
          public void onCompleted(RouteRequest request, Endpoint endpoint, Completion completion) {
            news.add("completed " + completion.status());
          }

          @Override
          public void onFailed(RouteRequest request, Endpoint endpoint) {
            throw new IllegalStateException("of no consequence");
          }
        };
    var far = Scripted.scores("far", 1, 2, 3).observedBy(observer);
    var router = bench().asking(far).router();

    var observation = ((Picked) Bench.route(router, Bench.request("far"))).observation();
    observation.accepted(new AnswerHead(200, "application/json", null));
    observation.received(ByteBuffer.wrap(new byte[] {'{'}));
    observation.received(ByteBuffer.wrap(new byte[] {'}'}));
    observation.completed();
    observation.cancelled();
    ((Picked) Bench.route(router, Bench.request("far"))).observation().failed();

    assertThat(news).containsExactly("reserved a", "first token", "completed 200", "reserved a");
  }
}
