package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.pkitesting.CertificateBuilder;
import io.signalbox.host.OperatorFiles.Alert;
import io.signalbox.host.OperatorFiles.Expression;
import io.signalbox.host.PromQl.Matcher;
import io.signalbox.host.PromQl.Selector;
import io.signalbox.host.telemetry.Reason;
import io.signalbox.host.tracing.SpanReceiver;
import io.signalbox.sdk.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The dashboard and the alert rules ask for what there is: every expression parses, every meter and
 * label of it is documented, and a host that does everything it can do on one machine shows it.
 * That host starts cluster, scripts and TLS at once, so how long its event loops are held is asked
 * elsewhere.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OperatorFilesIT {
  /** The first script takes seconds; means take some requests. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What Prometheus adds to every series it scrapes. */
  private static final Set<String> OF_PROMETHEUS = Set.of("instance", "job");

  /** Families of meters that {@code docs/operations.md} names as a whole. */
  private static final Pattern FAMILY = Pattern.compile("`([a-z]+(?:_[a-z]+)*_)\\*`");

  private static final String CHAIN = "strategy: \"watcher;optional, prefix-cache\"";

  private static final Pattern SERIES = Pattern.compile("([a-z_]+)(?:\\{(.*)})? [^ ]+");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"([^\"]*)\"");

  private static final Markdown OPERATIONS = Markdown.page("docs/operations.md");

  private final Map<Expression, PromQl> parsed = new HashMap<>();

  @TempDir private Path folder;

  /** A row of the table of meters. */
  record Row(String name, String type, Set<String> labels, String counts) {
    static Row of(List<String> cells) {
      var labels = cells.get(2).isEmpty() ? new String[0] : cells.get(2).split(", ", -1);
      return new Row(cells.get(0), cells.get(1), Set.of(labels), cells.get(3));
    }

    @Override
    public String toString() {
      return name;
    }

    boolean has(String metric) {
      return type.equals("summary")
          ? Set.of(name + "_count", name + "_sum", name + "_max").contains(metric)
          : name.equals(metric);
    }
  }

  /** What a page of metrics shows. */
  private record Series(String metric, Map<String, String> labels) {
    static Stream<Series> onPage(String page) {
      return page.lines()
          .map(SERIES::matcher)
          .filter(line -> line.matches())
          .map(line -> new Series(line.group(1), labels(line.group(2))));
    }

    private static Map<String, String> labels(String text) {
      return LABEL
          .matcher(text == null ? "" : text)
          .results()
          .collect(Collectors.toMap(found -> found.group(1), found -> found.group(2)));
    }
  }

  @BeforeAll
  void parse() {
    var expressions = OperatorFiles.expressions();
    var found = PromQl.parse(expressions.stream().map(Expression::text).toList());
    for (int i = 0; i < found.size(); i++) {
      parsed.put(expressions.get(i), found.get(i));
    }
    assertThat(parsed).hasSizeGreaterThan(90);
  }

  private PromQl parsed(Expression expression) {
    return parsed.getOrDefault(expression, new PromQl("not parsed", List.of(), List.of()));
  }

  static List<Expression> expressions() {
    return OperatorFiles.expressions();
  }

  @ParameterizedTest
  @MethodSource("expressions")
  void anExpressionParses(Expression expression) {
    assertThat(parsed(expression).problem()).isEmpty();
    assertThat(parsed(expression).selectors()).isNotEmpty();
  }

  static List<Row> rows() {
    return OPERATIONS.section("Metrics").rows().stream().map(Row::of).toList();
  }

  private static List<String> families() {
    return FAMILY
        .matcher(String.join("\n", OPERATIONS.section("Metrics").lines()))
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  /** Whether the documentation names it: alone, or as one of a family. {@code up} is not ours. */
  private static boolean isDocumented(String metric) {
    return metric.equals("up")
        || rows().stream().anyMatch(row -> row.has(metric))
        || families().stream().anyMatch(metric::startsWith);
  }

  private static boolean isOurs(String metric) {
    return metric.startsWith("signalbox_");
  }

  private static Set<String> documentedLabels(String metric) {
    return rows().stream()
        .filter(row -> row.has(metric))
        .flatMap(row -> row.labels().stream())
        .collect(Collectors.toSet());
  }

  @ParameterizedTest
  @MethodSource("expressions")
  void itsMetersAndTheirLabelsAreDocumented(Expression expression) {
    for (var selector : parsed(expression).selectors()) {
      assertThat(selector.metric()).matches(OperatorFilesIT::isDocumented, "is documented");
      if (isOurs(selector.metric())) {
        assertThat(documentedLabels(selector.metric()))
            .containsAll(
                selector.matchers().stream()
                    .map(Matcher::label)
                    .filter(label -> !OF_PROMETHEUS.contains(label))
                    .toList());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("expressions")
  void aTextShowsLabelsThatAreLeft(Expression expression) {
    var query = parsed(expression);
    var left = new HashSet<>(OF_PROMETHEUS);
    if (query.labels().isEmpty()) {
      query.selectors().forEach(selector -> left.addAll(documentedLabels(selector.metric())));
    } else {
      left.addAll(query.labels());
    }

    assertThat(left).containsAll(expression.labels());
  }

  /** A meter that nobody sees is not looked at when it matters. */
  @ParameterizedTest
  @MethodSource("rows")
  void aMeterHasAPanel(Row row) {
    var shown =
        parsed.entrySet().stream()
            .filter(entry -> entry.getKey().place().startsWith("panel "))
            .flatMap(entry -> entry.getValue().selectors().stream())
            .map(Selector::metric);

    assertThat(shown).anyMatch(row::has);
  }

  // A running host

  /** What is asked for and not shown, as texts. */
  private Set<String> missing(List<Series> shown) {
    var missing = new TreeSet<String>();
    parsed.forEach((expression, query) -> {
      query.selectors().stream()
          .filter(selector -> !selector.metric().equals("up"))
          .flatMap(selector -> missing(selector, shown).stream())
          .forEach(missing::add);
      var metrics = query.selectors().stream().map(Selector::metric).collect(Collectors.toSet());
      query.labels().stream()
          .filter(label -> !OF_PROMETHEUS.contains(label))
          .filter(label ->
              shown.stream()
                  .noneMatch(series ->
                      metrics.contains(series.metric()) && series.labels().containsKey(label)))
          .forEach(label -> missing.add(metrics + " by " + label));
    });
    return missing;
  }

  private static Set<String> missing(Selector selector, List<Series> shown) {
    var its = shown.stream().filter(s -> s.metric().equals(selector.metric())).toList();
    if (its.isEmpty()) {
      return Set.of(selector.metric());
    }
    var missing = new TreeSet<String>();
    for (var matcher : selector.matchers()) {
      if (OF_PROMETHEUS.contains(matcher.label()) || matcher.value().startsWith("$")) {
        continue;
      }
      for (var value : matcher.values()) {
        if (its.stream().noneMatch(s -> value.equals(s.labels().get(matcher.label())))
            && !isNamed(selector.metric(), value)) {
          missing.add(selector.metric() + " with " + matcher.label() + " " + value);
        }
      }
    }
    return missing;
  }

  /** Whether the table says that the meter has this value: it is shown once it was counted. */
  private static boolean isNamed(String metric, String value) {
    return rows().stream()
        .filter(row -> row.has(metric))
        .anyMatch(row -> Arrays.asList(row.counts().split("[^a-z-]+", -1)).contains(value));
  }

  @Test
  void aRunningHostShowsWhatTheyAskFor() throws Exception {
    var ports = RunningHost.Ports.free();
    var file = folder.resolve("signalbox.yaml");
    writeCertificate(1);
    Files.createDirectories(folder.resolve("plugins"));
    Files.writeString(
        folder.resolve("plugins/watcher.mjs"),
        """
        export const strategy = { name: "watcher", kind: "scorer", prefer: "low" };
        export function score(request, endpoint) {
          return endpoint.inFlight;
        }
        """);
    try (var engines = Engines.start(2);
        var redis = RedisServer.start();
        var receiver = new SpanReceiver()) {
      Files.writeString(
          file,
          ports
              .yaml(
                  RunningHost.models(engines.addresses())
                          .replace(
                              "endpoints:",
                              "default-profile: p, profiles: {p: {" + CHAIN + "}}, endpoints:")
                      + """

                      routing: {flow-control: {enabled: true, full: {in-flight: 100}}}
                      plugins: {watcher: {shadow: true}}
                      cluster: {enabled: true, host: 127.0.0.1, port: %d}
                      limits: {identity: user-header, redis: {server: "%s"}}
                      users: [{name: greedy, limits: {concurrency: 1, requests-per-minute: 1}}]
                      telemetry: {tracing: {url: "%s"}}
                      """
                          .formatted(FreePort.find(), redis.server(), receiver.url()))
              .replace(
                  "port: " + ports.extProc(),
                  "port: " + ports.extProc() + ", tls: {certificate: a.crt, key: a.key}"));
      try (var host = RunningHost.follow(ports, file)) {
        writeCertificate(2);
        System.gc();
        Eventually.until(
            PATIENCE,
            () -> missing(shown(host)).isEmpty(),
            () -> "it does not show " + missing(shown(host)));
        assertThat(missing(shown(host))).isEmpty();
      }
    }
  }

  /** What the page shows after some more traffic. */
  private static List<Series> shown(RunningHost host) {
    for (int i = 0; i < 10; i++) {
      var prompt = "Tell me something that is longer than a block of the index. ".repeat(20);
      assertThat(host.gateway().chat(Bodies.stream(prompt, 6)).statusCode()).isEqualTo(200);
    }
    // Once, and then no more: limits that nobody meets show nothing.
    assertThat(host.gateway().chat(Bodies.HELLO, "user", "greedy").statusCode()).isIn(200, 429);
    return Series.onPage(host.admin().get("/metrics").body()).toList();
  }

  private void writeCertificate(int serial) throws Exception {
    var certificate =
        new CertificateBuilder()
            .subject("CN=localhost " + serial)
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    Files.writeString(folder.resolve("a.key"), certificate.getPrivateKeyPEM());
    Files.writeString(folder.resolve("a.crt"), certificate.getCertificatePathPEM());
  }

  // The rules

  static List<Alert> alerts() {
    return OperatorFiles.alerts();
  }

  @ParameterizedTest
  @MethodSource("alerts")
  void anAlertSaysHowBadItIsAndWhatToLookAt(Alert alert) {
    assertThat(alert.severity()).isIn("critical", "warning");
    assertThat(alert.holds()).matches("[1-9][0-9]*m");
    var links =
        Pattern.compile("docs/operations\\.md#([a-z-]+)")
            .matcher(alert.summary())
            .results()
            .map((MatchResult found) -> found.group(1))
            .toList();
    assertThat(links).isNotEmpty();
    assertThat(OPERATIONS.anchors()).containsAll(links);
  }

  @Test
  void everyAlertHasItsRowAndEveryRowItsAlert() {
    assertThat(OPERATIONS.section("Dashboard and alerts").rows())
        .extracting(List::getFirst)
        .containsExactlyElementsOf(alerts().stream().map(Alert::name).toList());
  }

  /** A reason that is added must be looked at: does somebody want to be woken by it? */
  @ParameterizedTest
  @MethodSource("namesOfFailures")
  void whatCountsAsAFailureIsEveryReasonWithStatus5xx(Expression expression) {
    var named =
        parsed(expression).selectors().stream()
            .flatMap(selector -> selector.matchers().stream())
            .filter(matcher -> matcher.label().equals("reason"))
            .flatMap(matcher -> matcher.values().stream())
            .toList();

    assertThat(named)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Reason.values())
                .filter(reason -> reason.status() >= 500)
                .map(Reason::id)
                .toList());
  }

  static List<Expression> namesOfFailures() {
    var found =
        expressions().stream()
            .filter(expression ->
                Set.of("alert SignalboxFailsRequests", "panel Failed by us")
                    .contains(expression.place()))
            .toList();
    assertThat(found).hasSize(2);
    return found;
  }

  // The dashboard

  @Test
  void panelsHaveAPlaceOfTheirOwnAndSayWhatTheyShow() throws IOException {
    var panels = PromQl.objects(OperatorFiles.dashboard().getJsonArray("panels"));
    assertThat(panels).extracting(panel -> panel.getInteger("id")).doesNotHaveDuplicates();
    assertThat(panels)
        .extracting(panel -> {
          var place = panel.getJsonObject("gridPos");
          return place.getInteger("x") + ", " + place.getInteger("y");
        })
        .doesNotHaveDuplicates();
    assertThat(panels)
        .filteredOn(panel -> !panel.getString("type").equals("row"))
        .allSatisfy(panel -> {
          assertThat(panel.getString("description")).isNotBlank();
          var units = panel.getJsonObject("fieldConfig").getJsonObject("defaults");
          assertThat(units.getString("unit")).isNotBlank();
        });
  }

  @Test
  void signalsAreShownInTheirUnits() {
    var units = Map.of("s", "s", "ratio", "percentunit", "requests", "short", "tokens/s", "short");
    var shown =
        PromQl.objects(OperatorFiles.dashboard().getJsonArray("panels")).stream()
            .flatMap(panel ->
                Arrays.stream(Signal.values())
                    .filter(signal -> panel.encode().contains("signal=\\\"" + signal.id() + "\\\""))
                    .map(signal -> {
                      assertThat(
                              panel
                                  .getJsonObject("fieldConfig")
                                  .getJsonObject("defaults")
                                  .getString("unit"))
                          .as(signal.id())
                          .isEqualTo(units.get(signal.unit()));
                      return signal;
                    }))
            .toList();

    assertThat(shown).hasSizeGreaterThanOrEqualTo(10);
  }
}
