package io.signalbox.host.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.signalbox.host.config.ConfigProblems;
import io.signalbox.host.config.ConfigReader;
import io.signalbox.host.config.DialectConfig;
import io.signalbox.host.config.DialectConfig.Reading;
import io.signalbox.host.config.Dialects;
import io.signalbox.sdk.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pages of real engines say, and how it is found out whose they are. */
class DialectsTest {
  /**
   * A page of an engine.
   *
   * @param levels what it says as it is
   * @param quiet what its counters tell before they grew
   */
  record Row(
      String page, String engine, Map<Signal, Double> levels, Set<Signal> quiet, boolean asleep) {
    @Override
    public String toString() {
      return page;
    }
  }

  private static final Set<Signal> PHASES =
      Set.of(
          Signal.QUEUE_SECONDS, Signal.PREFILL_SECONDS_PER_TOKEN, Signal.DECODE_SECONDS_PER_TOKEN);

  static List<Row> pages() {
    return List.of(
        new Row(
            "vllm-v1.txt",
            "vllm",
            Map.of(Signal.RUNNING, 3.0, Signal.WAITING, 2.0, Signal.KV_CACHE_USAGE, 0.25),
            PHASES,
            false),
        new Row(
            "vllm-v0.txt",
            "vllm",
            Map.of(
                Signal.RUNNING, 5.0,
                Signal.WAITING, 0.0,
                Signal.KV_CACHE_USAGE, 0.5,
                Signal.CPU_CACHE_USAGE, 0.125),
            PHASES,
            false),
        new Row(
            "vllm-data-parallel.txt",
            "vllm",
            Map.of(Signal.RUNNING, 7.0, Signal.WAITING, 5.0, Signal.KV_CACHE_USAGE, 0.5),
            Set.of(),
            false),
        new Row(
            "vllm-asleep.txt",
            "vllm",
            Map.of(Signal.RUNNING, 0.0, Signal.WAITING, 0.0, Signal.KV_CACHE_USAGE, 0.0),
            Set.of(),
            true),
        new Row(
            "openmetrics.txt",
            "vllm",
            Map.of(Signal.RUNNING, 3.0),
            Set.of(Signal.QUEUE_SECONDS),
            false),
        new Row(
            "sglang.txt",
            "sglang",
            Map.of(
                Signal.RUNNING, 10.0,
                Signal.WAITING, 3.0,
                Signal.KV_CACHE_USAGE, 0.375,
                Signal.UTILIZATION, 0.75,
                Signal.OUTPUT_TOKENS_PER_SECOND, 100.0),
            Set.of(Signal.QUEUE_SECONDS, Signal.DECODE_SECONDS_PER_TOKEN),
            false),
        new Row(
            "trtllm.txt",
            "trtllm",
            Map.of(
                Signal.RUNNING, 7.0,
                Signal.WAITING, 1.0,
                Signal.KV_CACHE_USAGE, 0.62,
                Signal.CPU_CACHE_USAGE, 0.1),
            Set.of(Signal.QUEUE_SECONDS, Signal.DECODE_SECONDS_PER_TOKEN),
            false),
        new Row(
            "triton.txt",
            "triton",
            Map.of(
                Signal.RUNNING, 5.0,
                Signal.WAITING, 2.0,
                Signal.KV_CACHE_USAGE, 0.4,
                Signal.UTILIZATION, 0.75),
            Set.of(Signal.QUEUE_SECONDS),
            false),
        new Row(
            "llama.cpp.txt",
            "llama.cpp",
            Map.of(Signal.RUNNING, 4.0, Signal.WAITING, 46.0, Signal.KV_CACHE_USAGE, 0.125),
            Set.of(Signal.PREFILL_SECONDS_PER_TOKEN, Signal.DECODE_SECONDS_PER_TOKEN),
            false),
        new Row(
            "tgi.txt",
            "tgi",
            Map.of(Signal.RUNNING, 5.0, Signal.WAITING, 3.0),
            Set.of(Signal.QUEUE_SECONDS, Signal.DECODE_SECONDS_PER_TOKEN),
            false),
        new Row(
            "xllm.txt",
            "xllm",
            Map.of(
                Signal.RUNNING, 6.0,
                Signal.WAITING, 2.0,
                Signal.KV_CACHE_USAGE, 0.3,
                Signal.UTILIZATION, 0.8),
            Set.of(),
            false));
  }

  @ParameterizedTest
  @MethodSource("pages")
  void aPageSaysWhoseItIsAndWhatItsEngineDoes(Row row) {
    var verdict = Pages.of("auto", "m").read(Pages.resource(row.page()), 0L);

    assertThat(verdict)
        .isInstanceOfSatisfying(
            PageVerdict.Read.class,
            read -> {
              assertThat(read.dialect().engine()).isEqualTo(row.engine());
              assertThat(read.asleep()).isEqualTo(row.asleep());
              var finding = read.findings().getFirst();
              assertThat(finding.values()).containsExactlyInAnyOrderEntriesOf(row.levels());
              assertThat(finding.quiet()).containsExactlyInAnyOrderElementsOf(row.quiet());
            });
  }

  @ParameterizedTest
  @MethodSource("pages")
  void anEngineThatIsNamedIsReadTheSame(Row row) {
    var page = Pages.resource(row.page());

    assertThat(Pages.finding(Pages.of(row.engine(), "m").read(page, 0L)))
        .isEqualTo(Pages.finding(Pages.of("auto", "m").read(page, 0L)));
  }

  /**
   * Two readings of a page, ten seconds apart.
   *
   * @param growth what is on the first, and in its place on the second
   */
  record Grown(String page, Map<String, String> growth, Map<Signal, Double> tells) {
    @Override
    public String toString() {
      return page;
    }
  }

  static List<Grown> grown() {
    return List.of(
        new Grown(
            "vllm-v1.txt",
            Map.of(
                "request_queue_time_seconds_count{engine=\"0\",model_name=\"m\"} 100.0",
                "request_queue_time_seconds_count{engine=\"0\",model_name=\"m\"} 110.0",
                "request_queue_time_seconds_sum{engine=\"0\",model_name=\"m\"} 5.0",
                "request_queue_time_seconds_sum{engine=\"0\",model_name=\"m\"} 10.0",
                "vllm:prompt_tokens_total{engine=\"0\",model_name=\"m\"} 100000.0",
                "vllm:prompt_tokens_total{engine=\"0\",model_name=\"m\"} 105000.0"),
            Map.of(Signal.QUEUE_SECONDS, 0.5, Signal.PROMPT_TOKENS_PER_SECOND, 500.0)),
        new Grown(
            "sglang.txt",
            Map.of(
                "inter_token_latency_seconds_count{engine_type=\"unified\",model_name=\"m\"} 1000.0",
                "inter_token_latency_seconds_count{engine_type=\"unified\",model_name=\"m\"} 1100.0",
                "inter_token_latency_seconds_sum{engine_type=\"unified\",model_name=\"m\"} 25.0",
                "inter_token_latency_seconds_sum{engine_type=\"unified\",model_name=\"m\"} 27.0",
                "generation_tokens_total{engine_type=\"unified\",model_name=\"m\"} 7557572.0",
                "generation_tokens_total{engine_type=\"unified\",model_name=\"m\"} 7557672.0"),
            Map.of(Signal.DECODE_SECONDS_PER_TOKEN, 0.02, Signal.OUTPUT_TOKENS_PER_SECOND, 10.0)),
        new Grown(
            "triton.txt",
            Map.of(
                "queue_duration_us{model=\"tensorrt_llm\",version=\"1\"} 4000000",
                "queue_duration_us{model=\"tensorrt_llm\",version=\"1\"} 6000000",
                "request_success{model=\"tensorrt_llm\",version=\"1\"} 20",
                "request_success{model=\"tensorrt_llm\",version=\"1\"} 30"),
            Map.of(Signal.QUEUE_SECONDS, 0.2)),
        new Grown(
            "llama.cpp.txt",
            Map.of(
                "llamacpp:prompt_seconds_total 2.56",
                "llamacpp:prompt_seconds_total 4.56",
                "llamacpp:prompt_tokens_total 512",
                "llamacpp:prompt_tokens_total 912"),
            Map.of(Signal.PREFILL_SECONDS_PER_TOKEN, 0.005, Signal.PROMPT_TOKENS_PER_SECOND, 40.0)),
        new Grown(
            "tgi.txt",
            Map.of(
                "tgi_request_queue_duration_sum 15.0",
                "tgi_request_queue_duration_sum 16.0",
                "tgi_request_queue_duration_count 150.0",
                "tgi_request_queue_duration_count 154.0"),
            Map.of(Signal.QUEUE_SECONDS, 0.25)));
  }

  @ParameterizedTest
  @MethodSource("grown")
  void countersTellByHowMuchTheyGrew(Grown row) {
    var before = Pages.resource(row.page());
    var after = before;
    for (var change : pairs(row.growth())) {
      assertThat(after).contains(change.getKey());
      after = after.replace(change.getKey(), change.getValue());
    }
    var pages = Pages.of("auto", "m");
    var _ = pages.read(before, 0L);

    var values = Pages.finding(pages.read(after, 10L)).values();

    row.tells()
        .forEach((signal, value) ->
            assertThat(values.get(signal)).as(signal.id()).isEqualTo(value, within(1e-9)));
  }

  private static List<Map.Entry<String, String>> pairs(Map<String, String> growth) {
    return List.copyOf(growth.entrySet());
  }

  private static final String RUNNING = "vllm:num_requests_running";

  private static String running(String model, String more, double value) {
    return "%s{%smodel_name=\"%s\"} %s%n".formatted(RUNNING, more, model, value);
  }

  private static List<Double> runningOf(PageVerdict verdict) {
    return verdict instanceof PageVerdict.Read read
        ? read.findings().stream().map(its -> its.values().get(Signal.RUNNING)).toList()
        : List.of();
  }

  @Test
  void modelsAreKeptApart() {
    var page = running("a", "", 1) + running("b", "", 2) + running("c", "", 4);

    assertThat(runningOf(Pages.of("vllm", "a", "b").read(page, 0L))).containsExactly(1.0, 2.0);
  }

  @Test
  void aModelThatThePageDoesNotNameIsThatOfTheWholePage() {
    var page =
        running("/models/llama", "engine=\"0\",", 1) + running("/models/llama", "engine=\"1\",", 2);

    assertThat(runningOf(Pages.of("vllm", "llama", "an-adapter").read(page, 0L)))
        .containsExactly(3.0, 3.0);
  }

  @Test
  void anEndpointThatIsARankIsThatRankAlone() {
    var page = running("m", "engine=\"0\",", 1) + running("m", "engine=\"1\",", 2);

    assertThat(runningOf(Pages.of(List.of(Pages.VLLM), Optional.of("1"), "m").read(page, 0L)))
        .containsExactly(2.0);
    assertThat(
            runningOf(
                Pages.of(List.of(Pages.VLLM), Optional.of("1"), "m").read(running("m", "", 5), 0L)))
        .containsExactly(5.0);
  }

  @Test
  void aPageNobodyKnowsIsAskedForElsewhere() {
    var pages = Pages.of("auto", "m");

    assertThat(pages.path()).isEqualTo("/metrics");
    assertThat(pages.read("[{\"iter\": 1}]", 0L)).isEqualTo(new PageVerdict.Unrecognised());
    assertThat(pages.path()).isEqualTo("/prometheus/metrics");
    pages.notThere();
    assertThat(pages.path()).isEqualTo("/metrics");
    var _ = pages.read("", 0L);
    assertThat(pages.read(Pages.resource("trtllm.txt"), 0L)).isInstanceOf(PageVerdict.Read.class);
    pages.notThere();
    assertThat(pages.path()).isEqualTo("/prometheus/metrics");
  }

  @Test
  void anotherEngineAtTheAddressIsRecognisedAfterAWhile() {
    var pages = Pages.of("auto", "m");
    var _ = pages.read(Pages.resource("vllm-v1.txt"), 0L);
    var sglang = Pages.resource("sglang.txt");

    for (int i = 0; i < 3; i++) {
      assertThat(pages.read(sglang, i)).isEqualTo(new PageVerdict.Unrecognised());
    }
    assertThat(pages.read(sglang, 4L)).isInstanceOf(PageVerdict.Read.class);
  }

  @Test
  void aPageThatStandsStillWhileItsEngineAnswersIsNotBelieved() {
    var pages = Pages.of("vllm", "m");
    var page = Pages.resource("vllm-v1.txt");
    var _ = pages.read(page, 0L);

    pages.answered(Standstill.ANSWERS - 1);
    assertThat(pages.read(page, 100L)).isInstanceOf(PageVerdict.Read.class);
    pages.answered(1);
    assertThat(pages.read(page, 101L)).isInstanceOf(PageVerdict.Frozen.class);
    assertThat(pages.read(page.replace(" 100000.0", " 100001.0"), 102L))
        .isInstanceOf(PageVerdict.Read.class);
  }

  @Test
  void aPageOfAMomentAgoMayStandStill() {
    var pages = Pages.of("vllm", "m");
    var page = Pages.resource("vllm-v1.txt");
    var _ = pages.read(page, 0L);
    pages.answered(100);

    assertThat(pages.read(page, 2L)).isInstanceOf(PageVerdict.Read.class);
  }

  @Test
  void usersAddADialectAndReplaceOne() {
    var yaml =
        """
        models: [{name: m, engine: mine}]
        signals:
          dialects:
            mine:
              path: /stats
              series:
                - {gauge: "my_load{kind=percent}", signal: utilization, unit: percent, combine: max}
            tgi:
              series: [{gauge: tgi_queue_size, signal: running}]
        """;
    var problems = new ConfigProblems();
    var dialects = ConfigReader.read(yaml, Optional::of, problems).sources().dialects();
    problems.throwIfAny();

    assertThat(dialects.engines()).contains("mine", "tgi", "vllm");
    var mine =
        Pages.of(dialects.of("mine").stream().map(Dialect::new).toList(), Optional.empty(), "m");
    assertThat(mine.path()).isEqualTo("/stats");
    var page =
        "my_load{kind=\"percent\",gpu=\"0\"} 20\nmy_load{kind=\"percent\",gpu=\"1\"} 60\nmy_load{kind=\"x\"} 99";
    assertThat(Pages.finding(mine.read(page, 0L)).values())
        .containsExactly(Map.entry(Signal.UTILIZATION, 0.6));
    assertThat(dialects.of("tgi").getFirst().series()).hasSize(1);
  }

  /** The rows of the documentation, made of the dialects. */
  private static List<String> documented() {
    var rows = new ArrayList<String>();
    for (var dialect : Dialects.BUILT_IN.byEngine().values()) {
      for (var row : dialect.series()) {
        rows.add(
            "| `%s` | `%s` | %s |"
                .formatted(dialect.engine(), row.signal().name(), reading(row.reading())));
      }
    }
    return rows;
  }

  private static String reading(DialectConfig.Reading reading) {
    return switch (reading) {
      case Reading.Gauge(var series, var combine) ->
          "`" + series + "` | " + combine.name().toLowerCase(Locale.ROOT);
      case Reading.Rate(var counter) -> "`" + counter + "` | growth a second";
      case Reading.Quotient(var counter, var per) ->
          "`" + counter + "` | growth by that of `" + per + "`";
    };
  }

  @Test
  void everyRowIsInTheDocumentationInItsOrder() throws IOException {
    var rows =
        Files.readAllLines(Path.of("..", "docs", "signals.md")).stream()
            .filter(line -> line.matches("\\| `[a-z.]+` \\| `[A-Z_]+` \\| `.*"))
            .toList();

    assertThat(rows).containsExactlyElementsOf(documented());
  }
}
