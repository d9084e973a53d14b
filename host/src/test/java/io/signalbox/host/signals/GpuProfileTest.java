package io.signalbox.host.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.signalbox.host.config.GpuProfileConfig;
import io.signalbox.host.config.GpuProfileConfig.Slo;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The golden vectors are cases; this asks for what they leave out. */
class GpuProfileTest {
  private static final Optional<Duration> NONE = Optional.empty();

  private static GpuProfile profile(Slo slo) {
    return new GpuProfile(
        new GpuProfileConfig(
            List.of(4.0, 16.0, 64.0),
            List.of(100.0, 1_000.0),
            List.of(List.of(10.0, 2.0), List.of(4.0, 0.0), List.of(0.5, 1.0)),
            List.of(List.of(0.5, 1.0), List.of(2.0, 3.0), List.of(1.0, 0.0)),
            List.of(List.of(0.1, 0.2), List.of(0.3, 0.4), List.of(0.5, 0.6)),
            slo));
  }

  private static Optional<Duration> millis(long millis) {
    return millis == 0 ? NONE : Optional.of(Duration.ofMillis(millis));
  }

  @ParameterizedTest(name = "{0} tokens are in row {1}")
  @CsvSource({
    "0, 0", "1, 0", "4, 0", "7.9, 0", "8, 1", "16, 1", "31, 1", "32, 2", "64, 2", "1e9, 2"
  })
  void theNearestByRatioAndHalfWayTheGreater(double tokens, int row) {
    assertThat(profile(Slo.NONE).row(tokens)).isEqualTo(row);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, Double.NaN, Double.NEGATIVE_INFINITY})
  void whatIsNoNumberOfTokens(double tokens) {
    assertThatIllegalArgumentException().isThrownBy(() -> profile(Slo.NONE).column(tokens));
  }

  @ParameterizedTest(name = "{0} output tokens, {1} prompt tokens: {2}")
  @CsvSource({
    "4, 100, 0.2",
    "4, 1000, 0.5",
    "16, 1000, 1e9",
    "64, 1000, 1e9",
    // Less than one at a time: an endpoint that has nothing else to do serves it all the same.
    "64, 100, 1"
  })
  void theShare(double output, double prompt, double share) {
    assertThat(profile(Slo.NONE).consumption(output, prompt)).isCloseTo(share, within(1e-9));
  }

  @ParameterizedTest(name = "tpot {0} ms, ttft {1} ms, tpat {2} ms, e2e {3} ms: {4} s")
  @CsvSource({
    // 16 output tokens and 100 prompt tokens: 2 s, 0.3 s to the first.
    "0, 0, 0, 0, NaN",
    "0, 0, 0, 5000, 3",
    "0, 0, 0, 500, -1.5",
    "0, 0, 100, 5000, 9.6",
    "0, 1000, 100, 5000, 0.7",
    "100, 1000, 100, 5000, 0.6",
    "100, 0, 100, 5000, -0.4"
  })
  void theSlack(long tpot, long ttft, long tpat, long e2e, double slack) {
    var profile = profile(new Slo(millis(tpot), millis(ttft), millis(tpat), millis(e2e)));

    assertThat(profile.slackSeconds(16, 100)).isCloseTo(slack, within(1e-9));
  }

  @Test
  void aTargetWithoutItsTable() {
    var ones = List.of(List.of(1.0));
    var profile =
        new GpuProfile(
            new GpuProfileConfig(
                List.of(1.0),
                List.of(1.0),
                ones,
                ones,
                List.of(),
                new Slo(NONE, millis(1), NONE, millis(1))));

    assertThat(profile.slackSeconds(1, 1)).isNaN();
  }
}
