package io.signalbox.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.simulator.KvEvent.Removed;
import io.signalbox.simulator.KvEvent.Stored;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What an engine tells of its KV cache. Blocks have four tokens. */
class KvEventLogTest {
  private static final SimulatorOptions OPTIONS =
      SimulatorOptions.defaults()
          .withBlockTokens(4)
          .withKvBlocks(6)
          .withLatency(new LatencyModel(Duration.ofMillis(1), Duration.ofMillis(1), Duration.ZERO));

  private final List<KvEvent> told = new ArrayList<>();
  private final Scheduler scheduler =
      new Scheduler(OPTIONS, new SimulatorMetrics(), new KvEventLog(List.of(told::addAll)));
  private final StringBuilder spoken = new StringBuilder();
  private long now;

  private void run(int[] prompt, int maxTokens, String adapter) {
    var sink =
        new TokenSink() {
          @Override
          public void begin(int choices) {}

          @Override
          public void token(int choice, String word) {
            spoken.append(word);
          }

          @Override
          public void finished(int choice, FinishReason reason) {}
        };
    scheduler.submit(
        List.of(new Sequence(BlockHashes.of(prompt, 4, adapter), maxTokens, 0, sink).by(adapter)),
        now);
    for (long end = now + 200_000_000; now < end; now += 1_000_000) {
      scheduler.advance(now + 1_000_000);
    }
  }

  private List<StoredBlock> stored() {
    return told.stream()
        .filter(Stored.class::isInstance)
        .map(event -> ((Stored) event).block())
        .toList();
  }

  @Test
  void blocksAreToldWithTheirTokensAndTheOneBefore() {
    int[] prompt = IntStream.range(100, 109).toArray();
    run(prompt, 9, "");

    var blocks = stored();
    assertThat(blocks).hasSize(4);
    assertThat(blocks.get(0).parent()).isNull();
    for (int i = 1; i < blocks.size(); i++) {
      assertThat(blocks.get(i).parent()).isEqualTo(blocks.get(i - 1).hash());
    }
    int[] answer = ToyTokenizer.text(spoken.toString());
    int[] all = IntStream.concat(IntStream.of(prompt), IntStream.of(answer).skip(1)).toArray();
    assertThat(blocks.stream().flatMapToInt(block -> Arrays.stream(block.tokens())).toArray())
        .containsExactly(Arrays.copyOf(all, 16));
    // The next turn has the same blocks, which are there.
    run(Arrays.copyOf(all, 17), 1, "");
    assertThat(stored()).hasSize(4);
  }

  @Test
  void whatMakesRoomIsTold() {
    run(IntStream.range(0, 17).toArray(), 1, "");
    var first = stored();
    run(IntStream.range(500, 517).toArray(), 1, "");

    assertThat(told.stream().filter(Removed.class::isInstance))
        .containsExactly(
            new Removed(first.get(3).hash()),
            new Removed(first.get(2).hash()),
            new Removed(first.get(1).hash()));
  }

  @Test
  void anAdapterIsNamed() {
    run(IntStream.range(0, 5).toArray(), 1, "ada");
    assertThat(stored())
        .singleElement()
        .satisfies(block -> {
          assertThat(block.adapter()).isEqualTo("ada");
          assertThat(block.tokens()).containsExactly(0, 1, 2, 3);
        });
  }

  @Test
  void whereNobodyListensNothingIsKept() {
    KvEventLog.NONE.add(new KvEvent.Cleared());
    KvEventLog.NONE.publish();
    assertThat(KvEventLog.NONE.isKept()).isFalse();
  }
}
