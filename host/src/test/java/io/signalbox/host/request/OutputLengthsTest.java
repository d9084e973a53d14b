package io.signalbox.host.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OutputLengthsTest {
  private static final double ANY = Double.POSITIVE_INFINITY;

  private long now;
  private final OutputLengths lengths = new OutputLengths(() -> now, () -> Duration.ofMinutes(1));

  private void pass(long seconds) {
    now += TimeUnit.SECONDS.toNanos(seconds);
  }

  @Test
  void beforeAnAnswerNothingIsKnown() {
    assertThat(lengths.expected("m", ANY)).isNaN();
    assertThat(OutputLengths.NONE.expected("m", ANY)).isNaN();
  }

  @Test
  void theMeanOfAModelIsExpected() {
    lengths.add("m", 100);
    lengths.add("m", 300);
    lengths.add("other", 7);

    assertThat(lengths.expected("m", ANY)).isEqualTo(200);
    assertThat(lengths.expected("other", ANY)).isEqualTo(7);
  }

  @Test
  void zeroIsALength() {
    lengths.add("m", 0);

    assertThat(lengths.expected("m", ANY)).isZero();
  }

  @Test
  void noMoreIsExpectedThanTheRequestAllows() {
    lengths.add("m", 10);
    lengths.add("m", 1_000);

    assertThat(lengths.expected("m", 100)).isEqualTo(55);
    assertThat(lengths.expected("m", 5)).isEqualTo(5);
    assertThat(lengths.expected("m", 0)).isZero();
  }

  @Test
  void answersOfAllLengthsFit() {
    lengths.add("m", Long.MAX_VALUE / 4);
    lengths.add("m", 1);

    assertThat(lengths.expected("m", 1_000_000)).isEqualTo(500_000.5, within(1e-3));
  }

  @Test
  void whatIsOlderThanTheWindowIsForgotten() {
    lengths.add("m", 1_000);
    pass(31);
    lengths.add("m", 100);
    assertThat(lengths.expected("m", ANY)).isEqualTo(550);

    pass(31);
    lengths.add("m", 100);
    assertThat(lengths.expected("m", ANY)).isEqualTo(100);
  }

  @Test
  void whatIsKnownStaysWhileNothingIsAnswered() {
    lengths.add("m", 1_000);
    pass(100_000);

    assertThat(lengths.expected("m", ANY)).isEqualTo(1_000);
  }

  @Test
  void modelsThatAreGoneAreForgotten() {
    lengths.add("m", 1_000);
    lengths.add("other", 1_000);

    lengths.retain(Set.of("other"));

    assertThat(lengths.expected("m", ANY)).isNaN();
    assertThat(lengths.expected("other", ANY)).isEqualTo(1_000);
  }

  @Test
  void oneRequestIsToldTheSameEachTime() {
    var request =
        new InferenceRequest(
            new ScanResult.Scanned("m", null, false, 50),
            RequestHeaders.of(Map.of()),
            () -> ByteBuffer.allocate(0),
            lengths);
    lengths.add("m", 20);
    assertThat(request.expectedOutputTokens()).isEqualTo(20);

    lengths.add("m", 1_000);
    assertThat(request.expectedOutputTokens()).isEqualTo(20);
  }
}
