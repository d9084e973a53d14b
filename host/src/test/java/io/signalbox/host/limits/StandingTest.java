package io.signalbox.host.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.config.LimitsConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StandingTest {
  record Row(Duration duration, String text) {}

  static List<Row> rows() {
    return List.of(
        new Row(Duration.ZERO, "0ms"),
        new Row(Duration.ofNanos(1), "1ms"),
        new Row(Duration.ofMillis(120), "120ms"),
        new Row(Duration.ofSeconds(1), "1s"),
        new Row(Duration.ofMillis(8_640), "8.64s"),
        new Row(Duration.ofMillis(59_001), "59.001s"),
        new Row(Duration.ofMinutes(6), "6m0s"),
        new Row(Duration.ofMillis(72_500), "1m12.5s"));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void durationsAreWrittenAsOpenAiWritesThem(Row row) {
    assertThat(Standing.text(row.duration().toNanos())).isEqualTo(row.text());
  }

  @Test
  void ofSeveralLimitsTheOneWithTheLeastLeftIsTold() {
    var narrow = Quota.of(LimitsConfig.perMinute(10, 600));
    var wide = Quota.of(LimitsConfig.perMinute(60, 300));
    var one = new Allowance(0);
    var other = new Allowance(0);
    assertThat(one.take(narrow, 100, 0)).isNull();
    assertThat(other.take(wide, 100, 0)).isNull();

    assertThat(Standing.NONE.and(narrow, one, 0).and(wide, other, 0).headers())
        .isEqualTo(
            Map.of(
                "x-ratelimit-limit-requests", "10",
                "x-ratelimit-remaining-requests", "9",
                "x-ratelimit-reset-requests", "6s",
                "x-ratelimit-limit-tokens", "300",
                "x-ratelimit-remaining-tokens", "200",
                "x-ratelimit-reset-tokens", "20s"));
  }

  @Test
  void withoutLimitsNothingIsTold() {
    assertThat(Standing.NONE.and(Quota.of(LimitsConfig.NONE), new Allowance(0), 0).headers())
        .isEmpty();
  }
}
