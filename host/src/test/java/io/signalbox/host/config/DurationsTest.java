package io.signalbox.host.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
  record Row(String text, Duration duration, String shortest) {
    @Override
    public String toString() {
      return text;
    }
  }

  static List<Row> rows() {
    return List.of(
        new Row("0ms", Duration.ZERO, "0ms"),
        new Row("0h", Duration.ZERO, "0ms"),
        new Row("500us", Duration.ofNanos(500_000), "500us"),
        new Row("2500us", Duration.ofNanos(2_500_000), "2500us"),
        new Row("3000us", Duration.ofMillis(3), "3ms"),
        new Row("1000000us", Duration.ofSeconds(1), "1s"),
        new Row("200ms", Duration.ofMillis(200), "200ms"),
        new Row("1500ms", Duration.ofMillis(1_500), "1500ms"),
        new Row("5s", Duration.ofSeconds(5), "5s"),
        new Row("5000ms", Duration.ofSeconds(5), "5s"),
        new Row("90s", Duration.ofSeconds(90), "90s"),
        new Row("120s", Duration.ofMinutes(2), "2m"),
        new Row("60m", Duration.ofHours(1), "1h"),
        new Row("001h", Duration.ofHours(1), "1h"),
        new Row("999999999h", Duration.ofHours(999_999_999), "999999999h"));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void readsAndWritesTheShortestSpelling(Row row) {
    assertThat(Durations.parse(row.text())).contains(row.duration());
    assertThat(Durations.format(row.duration())).isEqualTo(row.shortest());
    assertThat(Durations.parse(row.shortest())).contains(row.duration());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "5",
        "s",
        "-1s",
        "+1s",
        "1.5s",
        "5 s",
        " 5s",
        "5S",
        "5sec",
        "1d",
        "1m30s",
        "1000000000s",
        "\u0665s"
      })
  void refuses(String text) {
    assertThat(Durations.parse(text)).isEmpty();
  }
}
