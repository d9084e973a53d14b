package io.signalbox.benchmarks.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What must come out whatever the figures are. */
class SimulationTest {
  private static final Duration LENGTH = Duration.ofSeconds(20);
  private static final int ENGINES = 2;

  private static Outcome run(Scenario scenario, String chain) {
    return new Simulation(scenario.fleet(), chain, scenario.traffic().apply(1), 1).run();
  }

  private static Scenario scenario(String name) {
    return Scenario.all(ENGINES, LENGTH).stream()
        .filter(scenario -> scenario.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Traffic one(Turn... turns) {
    var client = new Client("only", 0, List.of(turns).iterator());
    return new Traffic(List.of(client), LENGTH.toNanos());
  }

  private static Turn turn(Optional<String> opening, int promptTokens, int outputTokens) {
    return new Turn(0, opening, " aaa".repeat(promptTokens), outputTokens);
  }

  @Test
  void anIdleEngineTakesAsLongAsItsLatencyModelSays() {
    var traffic = one(turn(Optional.of(""), 1_000, 11));

    var outcome = new Simulation(SimulatedFleet.even(1), "random", traffic, 1).run();

    // 8 ms a step, 0.1 ms a prompt token and 0.05 ms a sequence; the chat format adds some tokens.
    assertThat(outcome.firstTokenMicros().getMaxValue() / 1e6).isCloseTo(0.108, within(0.002));
    assertThat(
            (outcome.wholeMicros().getMaxValue() - outcome.firstTokenMicros().getMaxValue()) / 1e6)
        .isCloseTo(10 * 0.00805, within(0.001));
    assertThat(outcome.cachedRatio()).isZero();
  }

  @Test
  void theNextTurnFindsTheOneBeforeInTheCache() {
    var traffic = one(turn(Optional.of(""), 1_000, 16), turn(Optional.empty(), 10, 16));

    var outcome = new Simulation(SimulatedFleet.even(1), "random", traffic, 1).run();

    // Of some 2,040 prompt tokens those of the first turn, in whole blocks.
    assertThat(outcome.answers()).isEqualTo(2);
    assertThat(outcome.cachedRatio()).isCloseTo(0.5, within(0.02));
  }

  @Test
  void aRunIsTheSameEachTime() {
    var first = run(scenario("chat"), "prefix-cache:2 + least-request");
    var second = run(scenario("chat"), "prefix-cache:2 + least-request");

    assertThat(first.answers()).isPositive().isEqualTo(second.answers());
    assertThat(first.firstTokenMicros()).isEqualTo(second.firstTokenMicros());
    assertThat(first.wholeMicros()).isEqualTo(second.wholeMicros());
    assertThat(first.spread()).isEqualTo(second.spread());
  }

  @Test
  void pagesAreReadSoThatChainsDecideByThem() {
    var outcome = run(scenario("mixed"), "queue-depth, least-kv-cache");

    // Before the first page is read nobody knows anything.
    assertThat(outcome.degradedCount()).isLessThan(outcome.answers() / 10);
    assertThat(outcome.refusedCount()).isZero();
  }

  @Test
  void whatAnEngineDoesNotTakeHasFailed() {
    var fleet = SimulatedFleet.even(1).withKvBlocks(64);
    var traffic = one(turn(Optional.of(""), 2_000, 1));

    var outcome = new Simulation(fleet, "random", traffic, 1).run();

    assertThat(outcome.failedCount()).isOne();
    assertThat(outcome.answers()).isZero();
  }

  @Test
  void aTraceIsSentRequestByRequest() throws IOException {
    var trace = TraceRequest.read(Path.of("traces", "sample.jsonl"));
    long sent = trace.stream().filter(request -> request.atMillis() < LENGTH.toMillis()).count();

    var outcome = run(Scenario.of(trace, ENGINES, LENGTH), "prefix-cache");

    assertThat(outcome.answers()).isPositive().isEqualTo(sent);
    assertThat(outcome.cachedRatio()).isPositive();
  }
}
