package io.signalbox.host.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.chain.Explanation.Candidate;
import io.signalbox.host.chain.Explanation.Step;
import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.Signal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExplanationTest {
  private static Bench bench() {
    return new Bench("a", "b", "c")
        .inFlight("b", 1)
        .inFlight("c", 2)
        .sample("a", Signal.KV_CACHE_USAGE, 0.5)
        .sample("b", Signal.KV_CACHE_USAGE, 0.25)
        .with(
            Doubles.scorer("unknown", Direction.LOWER, endpoint -> Double.NaN),
            Doubles.filter("not-a", endpoint -> !endpoint.host().equals("a")));
  }

  private static Picked picked(String chain, Map<String, String> headers) {
    return (Picked) Bench.route(bench().router(chain), Bench.request(headers, ""));
  }

  /** One chain and what is told of it. */
  record Row(String chain, String text) {
    @Override
    public String toString() {
      return chain;
    }
  }

  static List<Row> rows() {
    return List.of(
        new Row("least-request", "least-request 3>1 (a:8000=0* b:8000=1 c:8000=2) -> a:8000"),
        new Row(
            "least-request;band=1, least-kv-cache",
            "least-request;band=1 3>2 (a:8000=0* b:8000=1* c:8000=2)"
                + " least-kv-cache 2>1 (a:8000=0.5000 b:8000=0.2500*) -> b:8000"),
        new Row(
            "not-a, round-robin",
            "not-a 3>2 (a:8000 b:8000* c:8000*) round-robin 2>1 (b:8000* c:8000) -> b:8000"),
        new Row(
            "unknown;fallback=least-request",
            "unknown;fallback=least-request no-data 3>3 (a:8000* b:8000* c:8000*)"
                + " least-request 3>1 (a:8000=0* b:8000=1 c:8000=2) -> a:8000"),
        new Row(
            "least-request + least-kv-cache",
            "least-request+least-kv-cache 3>1 (a:8000=1 b:8000=1.500* c:8000=0) -> b:8000"));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void tellsStageByStage(Row row) {
    var explanation = picked(row.chain(), Map.of("x-signalbox-explain", "1")).explanation();

    assertThat(explanation.map(Explanation::text)).contains(row.text());
  }

  @Test
  void isNotMadeWhereNobodyAsks() {
    assertThat(picked("least-request", Map.of()).explanation()).isEmpty();
    assertThat(picked("least-request", Map.of("x-signalbox-explain", "0")).explanation()).isEmpty();
  }

  @Test
  void theProfileThatChoseTheChainComesFirst() {
    var step = new Step("random", "applied", 1, 1, List.of());
    var explanation = new Explanation("m", "random", Optional.of("chat"), List.of(step), "a:8000");

    assertThat(explanation.text()).isEqualTo("profile chat: random 1>1 ( +1) -> a:8000");
    assertThat(DecisionRecord.of("id", explanation).getString("profile")).isEqualTo("chat");
  }

  @Test
  void manyCandidatesAreCountedAndTheTextHasAnEnd() {
    var candidates =
        IntStream.range(0, Explanation.MAX_CANDIDATES)
            .mapToObj(i -> new Candidate("10.0.0." + i + ":8000", i, i == 0))
            .toList();
    var step = new Step("least-request", "applied", 1_000, 1, candidates);
    var steps = IntStream.range(0, 40).mapToObj(i -> step).toList();

    var text = new Explanation("m", "least-request", steps, "10.0.0.0:8000").text();

    assertThat(text)
        .contains("10.0.0.15:8000=15 +984)")
        .doesNotContain("10.0.0.16:8000")
        .hasSizeLessThanOrEqualTo(Explanation.MAX_TEXT)
        .endsWith(" ... -> 10.0.0.0:8000");
  }

  @Test
  void theLogForgetsTheOldest() {
    var log = new DecisionLog();
    for (int i = 0; i <= DecisionLog.CAPACITY; i++) {
      log.add("r" + i, new Explanation("m", "random", List.of(), "a:8000"));
    }

    assertThat(log.find("r0")).isEmpty();
    assertThat(log.find("r1")).isPresent();
    assertThat(log.find("r" + DecisionLog.CAPACITY)).isPresent();
  }
}
