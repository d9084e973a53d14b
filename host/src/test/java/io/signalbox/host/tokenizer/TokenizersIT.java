package io.signalbox.host.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.signalbox.host.telemetry.TokenizerMetrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library's native code, run for real; the tokenizer makes a token of each word. */
class TokenizersIT {
  private static final Path WORDS = Path.of("src/test/resources/tokenizer/words.json");

  @TempDir private Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Tokenizers tokenizers = new Tokenizers(vertx, new TokenizerMetrics(meters));

  @AfterEach
  void stop() throws Exception {
    vertx.close().await(30, TimeUnit.SECONDS);
  }

  private static void until(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("it did not come").isLessThan(deadline);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  private double outcome(String outcome) {
    return meters.get("signalbox.tokenizations").tag("outcome", outcome).counter().count();
  }

  private static int result(Future<Integer> count) throws Exception {
    return count.await(30, TimeUnit.SECONDS);
  }

  private void use(Path file) {
    tokenizers.apply(Map.of("m", file));
    until(() -> tokenizers.counts("m"));
  }

  @Test
  void promptsAreCountedInFullWhateverTheFileSaysOfTruncation() throws Exception {
    use(WORDS);

    assertThat(result(tokenizers.count("m", "hello world hello new hello world"))).isEqualTo(6);
    assertThat(result(tokenizers.count("m", ""))).isZero();
    assertThat(outcome("counted")).isEqualTo(2);
  }

  @Test
  void aModelWithoutAFileHasNoTokenizer() {
    use(WORDS);

    assertThat(tokenizers.counts("other")).isFalse();
    assertThat(tokenizers.count("other", "hello").failed()).isTrue();
  }

  @Test
  void aFileThatCannotBeReadIsCountedAndChangesNothing() throws IOException {
    var broken = Files.writeString(folder.resolve("tokenizer.json"), "{");

    tokenizers.apply(Map.of("m", broken, "gone", folder.resolve("gone.json")));

    until(() -> outcome("failure") == 2);
    assertThat(tokenizers.counts("m")).isFalse();
    assertThat(tokenizers.counts("gone")).isFalse();
  }

  @Test
  void oneThatIsNoLongerConfiguredCountsNoMoreWhateverIsUnderWay() throws IOException {
    use(WORDS);
    var other = Files.copy(WORDS, folder.resolve("other.json"));
    var counts =
        IntStream.range(0, 100).mapToObj(i -> tokenizers.count("m", "hello ".repeat(500))).toList();

    use(other);
    tokenizers.apply(Map.of());

    assertThat(tokenizers.counts("m")).isFalse();
    until(() -> counts.stream().allMatch(Future::isComplete));
    assertThat(counts.stream().filter(Future::succeeded).map(Future::result))
        .allMatch(count -> count == 500);
  }

  @Test
  void moreThanMayWaitAreRefused() {
    use(WORDS);
    var text = "hello ".repeat(20_000);

    var counts =
        IntStream.range(0, 3 * Tokenizers.MOST_WAITING)
            .mapToObj(i -> tokenizers.count("m", text))
            .toList();

    assertThat(outcome("refused")).isPositive();
    until(() -> counts.stream().allMatch(Future::isComplete));
    until(() -> hasRoom(text));
  }

  /** Afterwards there is room again. */
  private boolean hasRoom(String text) {
    var count = tokenizers.count("m", text);
    until(count::isComplete);
    return count.succeeded();
  }

  @Test
  void aCountThatFailsSaysWhy() {
    assertThatThrownBy(() -> result(tokenizers.count("m", "hello"))).hasMessage("no tokenizer");
  }
}
