package io.signalbox.host.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.sdk.Signal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PageReadingTest {
  private static final String RUNNING = "vllm:num_requests_running";
  private static final String KV_CACHE = "vllm:kv_cache_usage_perc";
  private static final String OLD_KV_CACHE = "vllm:gpu_cache_usage_perc";

  private static Map<Signal, Double> values(String page) {
    return Pages.finding(Pages.of("vllm", "m").read(page, 0L)).values();
  }

  record Row(String name, String page, Map<Signal, Double> values) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Row running(String name, String page, double value) {
    return new Row(name, page, Map.of(Signal.RUNNING, value));
  }

  private static Row nothing(String name, String page) {
    return new Row(name, page, Map.of());
  }

  static List<Row> lines() {
    return List.of(
        running("a name and a value", RUNNING + " 3\n", 3),
        running("the last line without its end", RUNNING + " 3", 3),
        running("ends of lines as Windows writes them", RUNNING + " 3\r\n", 3),
        running("an exponent", RUNNING + " 3e2", 300),
        running("zero is a value", RUNNING + " 0.0", 0),
        running("labels", RUNNING + "{model_name=\"m\",engine=\"0\"} 3", 3),
        running("empty labels", RUNNING + "{} 3", 3),
        running("a brace in a label", RUNNING + "{model_name=\"a}b{c\"} 3", 3),
        running("an escaped quote in a label", RUNNING + "{model_name=\"a\\\"} 9\"} 3", 3),
        running("an escaped backslash ends a label", RUNNING + "{model_name=\"a\\\\\"} 3", 3),
        running("spaces in a label", RUNNING + "{model_name=\"a b c\"} 3", 3),
        running("a timestamp", RUNNING + " 3 1712345678901", 3),
        running("labels and a timestamp", RUNNING + "{a=\"b\"} 3 1712345678901", 3),
        running("tabs between", RUNNING + "\t3\t1712345678901", 3),
        running("several blanks between", RUNNING + "   3   1712345678901", 3),
        running("blanks before the labels", RUNNING + " {a=\"b\"} 3", 3),
        running("blanks before the name", "  " + RUNNING + " 3", 3),
        running(
            "comments and other series around",
            "# HELP "
                + RUNNING
                + " Written\n# TYPE "
                + RUNNING
                + " gauge\nx 1\n"
                + RUNNING
                + " 3\n"
                + "process_cpu_seconds_total 12\n",
            3),
        nothing("an empty page", ""),
        nothing("empty lines", "\n\n\r\n"),
        nothing("NaN is unknown", RUNNING + " NaN"),
        nothing("infinity is unknown", RUNNING + " +Inf\n" + RUNNING + " -Inf"),
        nothing("Java's infinity is unknown", RUNNING + " Infinity"),
        nothing("too large for a number", RUNNING + " 1e999"),
        nothing("no value", RUNNING + "\n" + RUNNING + " \n" + RUNNING + "{a=\"b\"}"),
        nothing("a word for a value", RUNNING + " many"),
        nothing("labels that do not end", RUNNING + "{a=\"b\" 3"),
        nothing("a quote that does not end", RUNNING + "{a=\"b} 3"),
        nothing("a value that is glued to the name", RUNNING + "-1"),
        nothing("a longer name", RUNNING + "_total 3"),
        nothing("a shorter name", "vllm:num_requests 3"),
        nothing("another engine's name", "sglang:num_running_reqs 3"),
        nothing("a web page", "<!doctype html>\n<html><body>vllm:num_requests_running 3</body>"));
  }

  @ParameterizedTest
  @MethodSource("lines")
  void readsLines(Row row) {
    assertThat(values(row.page())).isEqualTo(row.values());
  }

  static List<Row> several() {
    return List.of(
        running(
            "counts of several engines are added",
            RUNNING + "{engine=\"0\"} 3\n" + RUNNING + "{engine=\"1\"} 4\n",
            7),
        running(
            "a line that does not read does not spoil the others",
            RUNNING + " 3\n" + RUNNING + " ?\n" + RUNNING + "{ 1\n" + RUNNING + " 4",
            7),
        running(
            "an engine that knows nothing adds nothing", RUNNING + " NaN\n" + RUNNING + " 4", 4),
        new Row(
            "shares of several engines are averaged",
            KV_CACHE + "{engine=\"0\"} 0.25\n" + KV_CACHE + "{engine=\"1\"} 0.75\n",
            Map.of(Signal.KV_CACHE_USAGE, 0.5)),
        new Row(
            "the average is over the engines that know",
            KV_CACHE + " 0.25\n" + KV_CACHE + " NaN\n" + KV_CACHE + " 0.75\n",
            Map.of(Signal.KV_CACHE_USAGE, 0.5)),
        new Row("V1's name", KV_CACHE + " 0.5", Map.of(Signal.KV_CACHE_USAGE, 0.5)),
        new Row("V0's name", OLD_KV_CACHE + " 0.5", Map.of(Signal.KV_CACHE_USAGE, 0.5)),
        new Row(
            "both names: V1's counts, V0's last",
            KV_CACHE + " 0.5\n" + OLD_KV_CACHE + " 0.9\n",
            Map.of(Signal.KV_CACHE_USAGE, 0.5)),
        new Row(
            "both names: V1's counts, V0's first",
            OLD_KV_CACHE + " 0.9\n" + OLD_KV_CACHE + " 0.7\n" + KV_CACHE + " 0.5\n",
            Map.of(Signal.KV_CACHE_USAGE, 0.5)),
        new Row(
            "V1's name without a value: V0's counts",
            KV_CACHE + " NaN\n" + OLD_KV_CACHE + " 0.9\n",
            Map.of(Signal.KV_CACHE_USAGE, 0.9)),
        new Row(
            "all that is looked at",
            """
            vllm:num_requests_running{model_name="m"} 3
            vllm:num_requests_waiting{model_name="m"} 2
            vllm:gpu_cache_usage_perc{model_name="m"} 0.5
            vllm:cpu_cache_usage_perc{model_name="m"} 0.25
            """,
            Map.of(
                Signal.RUNNING, 3.0,
                Signal.WAITING, 2.0,
                Signal.KV_CACHE_USAGE, 0.5,
                Signal.CPU_CACHE_USAGE, 0.25)));
  }

  @ParameterizedTest
  @MethodSource("several")
  void combinesSeries(Row row) {
    assertThat(values(row.page())).isEqualTo(row.values());
  }

  @Test
  void noPageMakesItFail() {
    var random = new SplittableRandom(1);
    var pieces =
        List.of(RUNNING, KV_CACHE, "{", "}", "\"", "\\", "a=", " ", "\t", "\n", "3", "NaN");
    for (int run = 0; run < 5_000; run++) {
      var page = new StringBuilder();
      for (int i = random.nextInt(20); i >= 0; i--) {
        page.append(pieces.get(random.nextInt(pieces.size())));
      }
      assertThat(values(page.toString()).values()).as(page.toString()).allMatch(Double::isFinite);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 64, 1_000, 100_000})
  void piecesMayEndAnywhere(int bytes) {
    var page = Pages.resource("vllm-v1.txt");

    assertThat(Pages.finding(Pages.of("vllm", "m").inPieces(page, bytes)))
        .isEqualTo(Pages.finding(Pages.of("vllm", "m").read(page, 0L)));
  }

  @Test
  void aLineThatNeverEndsIsLeftOut() {
    var endless = RUNNING + "{a=\"" + "x".repeat(2 * PageReading.MAX_LINE_BYTES) + "\"} 9";

    assertThat(
            Pages.finding(
                    Pages.of("vllm", "m")
                        .inPieces(endless + "\n" + RUNNING + " 3\n" + endless, 8_192))
                .values())
        .containsExactly(Map.entry(Signal.RUNNING, 3.0));
  }

  record Written(String text, double value) {
    @Override
    public String toString() {
      return text;
    }
  }

  static List<Written> numbers() {
    return Stream.of(
            "0",
            "-0",
            "1",
            "+1",
            "-1.5",
            "0.1",
            "0.30000000000000004",
            "123456789012345678",
            "9007199254740993",
            "1e22",
            "1.7e308",
            "4.9e-324",
            "3.",
            ".5",
            "1E-3",
            "0.000000000000000000001")
        .map(text -> new Written(text, Double.parseDouble(text)))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("numbers")
  void numbersAreThoseOfTheLibrary(Written row) {
    assertThat(number(row.text())).isEqualTo(row.value());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "-", ".", "e5", "1e", "0x1p3", "3d", "3f", "1_0", "--1", "1.2.3", "nan"})
  void whatIsNoNumberIsUnknown(String text) {
    assertThat(number(text)).isNaN();
  }

  private static double number(String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    return PageNumbers.read(bytes, 0, bytes.length);
  }

  @Test
  void randomNumbersAreThoseOfTheLibrary() {
    var random = new SplittableRandom(5);
    for (int i = 0; i < 20_000; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(value)) {
        assertThat(number(Double.toString(value))).isEqualTo(value);
      }
      double small = random.nextInt(1_000_000) / 1_000.0;
      assertThat(number(Double.toString(small))).isEqualTo(small);
    }
  }
}
