package io.signalbox.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SchedulerTest {
  private static final long MILLI = 1_000_000;

  /** 1 ms a step, 1 ms a prompt token. */
  private static final SimulatorOptions OPTIONS =
      SimulatorOptions.defaults()
          .withBlockTokens(4)
          .withKvBlocks(100)
          .withMaxRunning(2)
          .withMaxWaiting(3)
          .withMaxStepTokens(8)
          .withLatency(new LatencyModel(Duration.ofMillis(1), Duration.ofMillis(1), Duration.ZERO));

  private final SimulatorMetrics metrics = new SimulatorMetrics();
  private final Scheduler scheduler = new Scheduler(OPTIONS, metrics);
  private final List<String> events = new ArrayList<>();
  private long now;

  @Test
  void isIdleBeforeAndAfter() {
    assertThat(scheduler.deadline()).isEqualTo(Scheduler.IDLE);
    submit("a", 4, 1, 0);
    assertThat(scheduler.deadline()).isEqualTo(5 * MILLI);
    assertThat(scheduler.advance(5 * MILLI)).isEqualTo(Scheduler.IDLE);
    assertThat(events).containsExactly("a", "a end LENGTH");
    assertThat(scheduler.load()).isEqualTo(Load.NONE);
  }

  @Test
  void oneStepOneTokenForEachRunningSequence() {
    submit("a", 1, 3, 0);
    submit("b", 1, 3, 0);
    advanceTo(6);
    assertThat(events).containsSubsequence("a", "a", "b", "a", "a end LENGTH", "b", "b end LENGTH");
  }

  @Test
  void aLongPromptIsComputedOverSeveralStepsWhileOthersDecode() {
    submit("short", 1, 9, 0);
    submit("long", 30, 1, 0);
    advanceTo(100);
    assertThat(events.indexOf("long")).isGreaterThan(4);
    assertThat(events.subList(0, events.indexOf("long"))).containsOnly("short");
  }

  @Test
  void waitsInOrderForASlot() {
    submit("a", 1, 2, 0);
    submit("b", 1, 9, 0);
    submit("c", 1, 1, 0);
    submit("d", 1, 1, 0);
    assertThat(scheduler.load().waiting()).isEqualTo(3);
    advanceTo(2);
    assertThat(scheduler.load().running()).isEqualTo(2);
    assertThat(scheduler.load().waiting()).isEqualTo(2);
    advanceTo(100);
    assertThat(events.indexOf("c")).isGreaterThan(events.indexOf("a end LENGTH"));
    assertThat(events.indexOf("d")).isGreaterThan(events.indexOf("c end LENGTH"));
  }

  @Test
  void waitsForKvBlocks() {
    submit("a", 200, 150, 0);
    submit("b", 200, 1, 0);
    advanceTo(250);
    assertThat(scheduler.load().running()).isEqualTo(1);
    assertThat(scheduler.load().waiting()).isEqualTo(1);
    advanceTo(1000);
    assertThat(events.indexOf("b")).isGreaterThan(events.indexOf("a end LENGTH"));
  }

  @Test
  void refusesWhenTheQueueIsFull() {
    submit("a", 1, 1, 0);
    assertThat(
            scheduler.submit(
                List.of(sequence("b", 1, 1), sequence("c", 1, 1), sequence("d", 1, 1)), 0))
        .isTrue();
    assertThat(scheduler.submit(List.of(sequence("e", 1, 1)), 0)).isFalse();
  }

  @Test
  void shortStepsAreMadeUpForInOneCall() {
    submit("a", 1, 50, 0);
    scheduler.advance(51 * MILLI);
    assertThat(events.stream().filter("a"::equals)).hasSize(50);
  }

  @Test
  void lostTimeBeyondATenthOfASecondIsNotMadeUpFor() {
    submit("a", 1, 300, 0);
    scheduler.advance(10_000 * MILLI);
    assertThat(events).hasSize(101);
  }

  @Test
  void cancelFreesBlocksWhetherRunningOrWaiting() {
    Sequence running = submit("a", 20, 9, 0);
    submit("b", 1, 9, 0);
    Sequence waiting = submit("c", 1, 9, 0);
    advanceTo(30);
    double before = scheduler.load().kvCacheUsageRatio();
    scheduler.cancel(waiting);
    scheduler.cancel(running);
    scheduler.cancel(running);

    assertThat(metrics.cancelledSequences()).isEqualTo(2);
    assertThat(scheduler.load().kvCacheUsageRatio()).isLessThan(before);
    scheduler.cancelAll();
    assertThat(scheduler.load()).isEqualTo(Load.NONE);
    assertThat(scheduler.advance(1000 * MILLI)).isEqualTo(Scheduler.IDLE);
  }

  @Test
  void theWholeConversationIsFoundInTheCache() {
    int[] first = IntStream.range(0, 9).toArray();
    var spoken = new StringBuilder();
    var sequence = new Sequence(BlockHashes.of(first, 4), 9, 0, new Recorder("a", spoken));
    scheduler.submit(List.of(sequence), 0);
    advanceTo(100);

    int[] answer = ToyTokenizer.text(spoken.toString());
    int[] second = IntStream.concat(IntStream.of(first), IntStream.of(answer).skip(1)).toArray();
    scheduler.submit(
        List.of(new Sequence(BlockHashes.of(second, 4), 1, 0, new Recorder("b", spoken))),
        100 * MILLI);
    advanceTo(200);

    // 9 + 9 tokens, the last one never computed: four full blocks.
    assertThat(metrics.cachedPromptTokens()).isEqualTo(16);
  }

  private void advanceTo(long millis) {
    for (; now < millis; now++) {
      scheduler.advance((now + 1) * MILLI);
    }
  }

  private Sequence submit(String name, int promptTokens, int maxTokens, long now) {
    Sequence sequence = sequence(name, promptTokens, maxTokens);
    assertThat(scheduler.submit(List.of(sequence), now)).isTrue();
    return sequence;
  }

  private Sequence sequence(String name, int promptTokens, int maxTokens) {
    int[] tokens = IntStream.range(0, promptTokens).map(i -> i * 31 + name.hashCode()).toArray();
    return new Sequence(
        BlockHashes.of(tokens, OPTIONS.blockTokens()),
        maxTokens,
        0,
        new Recorder(name, new StringBuilder()));
  }

  private final class Recorder implements TokenSink {
    private final String name;
    private final StringBuilder text;

    Recorder(String name, StringBuilder text) {
      this.name = name;
      this.text = text;
    }

    @Override
    public void begin(int choices) {}

    @Override
    public void token(int choice, String word) {
      events.add(name);
      text.append(word);
    }

    @Override
    public void finished(int choice, FinishReason reason) {
      events.add(name + " end " + reason);
    }
  }
}
