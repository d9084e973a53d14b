package io.signalbox.host.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.signalbox.host.config.DialectConfig.Combine;
import io.signalbox.host.config.DialectConfig.Reading;
import io.signalbox.sdk.Signal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Where endpoints and their signals come from, and when they are believed. */
class SourcesReaderTest {
  private static final String MODEL = "models: [{name: m}]\n";

  private static Configuration read(String yaml) {
    var problems = new ConfigProblems();
    var configuration = ConfigReader.read(MODEL + yaml, Optional::of, problems);
    problems.throwIfAny();
    return configuration;
  }

  @Test
  void everythingIsRead() {
    var read =
        read(
            """
            signals:
              idle-scrape-interval: 3s
              compressed: true
              pushed: [waiting, kvCacheUsage]
              pushed-max-age: 4s
              prometheus: {url: "http://p:9090/x", interval: 1s, instance-label: pod, max-age: 20s}
            health:
              consecutive-failures: 7
              ejection-time: 2s
              max-ejected: 20%
              check: {path: /health, interval: 1s, timeout: 500ms, failures: 4, successes: 1}
            discovery:
              file: e.yaml
              dns:
                - {model: m, name: n.example, type: SRV, interval: 1m, server: "[::1]:5353", labels: {a: b}}
            event-bus:
              tcp-bridge: {enabled: true, host: 0.0.0.0, port: 1}
              sockjs-bridge: {enabled: true, port: 2, origins: ["https://a"]}
              scraped-signals: true
              decisions: 5%
            """);

    assertThat(read.signals().idleScrapeInterval()).isEqualTo(Duration.ofSeconds(3));
    assertThat(read.signals().compressed()).isTrue();
    assertThat(read.signals().pushed()).isEqualTo(Set.of(Signal.WAITING, Signal.KV_CACHE_USAGE));
    assertThat(read.signals().pushedMaxAge()).isEqualTo(Duration.ofSeconds(4));
    assertThat(read.sources().prometheus())
        .contains(
            new PrometheusConfig(
                URI.create("http://p:9090/x"),
                Duration.ofSeconds(1),
                "pod",
                Duration.ofSeconds(20)));
    assertThat(read.health())
        .isEqualTo(
            new HealthConfig(
                7,
                Duration.ofSeconds(2),
                0.2,
                Optional.of(
                    new HealthConfig.Check(
                        "/health", Duration.ofSeconds(1), Duration.ofMillis(500), 4, 1))));
    assertThat(read.discovery())
        .isEqualTo(
            new DiscoveryConfig(
                Optional.of(Path.of("e.yaml")),
                List.of(
                    new DiscoveryConfig.Dns(
                        "m",
                        "n.example",
                        DiscoveryConfig.RecordType.SRV,
                        8000,
                        Duration.ofMinutes(1),
                        Optional.of("[::1]:5353"),
                        Map.of("a", "b"))),
                Optional.empty()));
    assertThat(read.eventBus())
        .isEqualTo(
            new EventBusConfig(
                new ListenConfig(true, "0.0.0.0", 1),
                new ListenConfig(true, "127.0.0.1", 2),
                List.of("https://a"),
                true,
                0.05));
  }

  @Test
  void rowsOfADialectAreRead() {
    var dialect =
        read("""
        signals:
          dialects:
            mine:
              path: /stats
              series:
                - {gauge: "a{x=y}", signal: running}
                - {gauge: b, signal: utilization, unit: percent}
                - {histogram: c, signal: queueSeconds, unit: milliseconds}
                - {counter: d, signal: outputTokensPerSecond}
                - {counter: e, per: f, signal: prefillSecondsPerToken}
        """)
            .sources()
            .dialects()
            .of("mine")
            .getFirst();

    assertThat(dialect.path()).isEqualTo("/stats");
    assertThat(dialect.series())
        .containsExactly(
            new DialectConfig.Row(
                Signal.RUNNING,
                new Reading.Gauge(new SeriesSelector("a", Map.of("x", "y")), Combine.SUM),
                1),
            new DialectConfig.Row(
                Signal.UTILIZATION, new Reading.Gauge(SeriesSelector.of("b"), Combine.MEAN), 0.01),
            new DialectConfig.Row(
                Signal.QUEUE_SECONDS,
                new Reading.Quotient(SeriesSelector.of("c_sum"), SeriesSelector.of("c_count")),
                1e-3),
            new DialectConfig.Row(
                Signal.OUTPUT_TOKENS_PER_SECOND, new Reading.Rate(SeriesSelector.of("d")), 1),
            new DialectConfig.Row(
                Signal.PREFILL_SECONDS_PER_TOKEN,
                new Reading.Quotient(SeriesSelector.of("e"), SeriesSelector.of("f")),
                1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a:b | a:b",
        "a{x=y} | a{x=y}",
        "a{x=\"y\", z=w} | a{x=y,z=w}",
        "a{} | ''",
        "a{x} | ''",
        "a{x=y,x=z} | ''",
        "1a | ''",
        "a b | ''"
      })
  void selectorsAreThoseOfPrometheusThatNameEquals(String text, String read) {
    assertThat(SeriesSelector.parse(text).map(SeriesSelector::toString).orElse("")).isEqualTo(read);
  }

  record Bad(String name, String yaml, String problem) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Bad row(String name, String row, String problem) {
    return new Bad(
        name,
        "signals: {dialects: {a: {series: [" + row + "]}}}",
        "line 2: signals.dialects.a.series[0]" + problem);
  }

  static List<Bad> bad() {
    return List.of(
        row(
            "a row without a kind",
            "{signal: waiting}",
            ": must have one of gauge, counter, histogram"),
        row(
            "a row with two kinds",
            "{gauge: g, counter: c, signal: waiting}",
            ": must have one of gauge, counter, histogram"),
        row(
            "per of a gauge",
            "{gauge: g, per: c, signal: waiting}",
            ".per: belongs to a counter, and this is none"),
        row(
            "combined counters",
            "{counter: c, combine: max, signal: waiting}",
            ".combine: belongs to a gauge: counters are added"),
        new Bad(
            "a dialect that is called auto",
            "signals: {dialects: {auto: {series: []}}}",
            "line 2: signals.dialects.auto: cannot be the name of an engine"),
        new Bad(
            "a dialect without series",
            "signals: {dialects: {a: {}}}",
            "line 2: signals.dialects.a.series: must be a list, and is missing"),
        new Bad(
            "Prometheus without a URL",
            "signals: {prometheus: {interval: 1s}}",
            "line 2: signals.prometheus.url: must be a URL such as http://prometheus:9090, and is missing"),
        new Bad(
            "Prometheus of another protocol",
            "signals: {prometheus: {url: \"ftp://p\"}}",
            "line 2: signals.prometheus.url: must be a URL such as http://prometheus:9090, not \"ftp://p\""),
        new Bad(
            "a check without a path",
            "health: {check: {interval: 1s}}",
            "line 2: health.check.path: must be a path such as /metrics, and is missing"),
        new Bad(
            "all may be ejected",
            "health: {max-ejected: 100%}",
            "line 2: health.max-ejected: must be a share above 0% and below 100%, such as 5%, not \"100%\""),
        new Bad(
            "a port of services",
            "discovery: {dns: [{model: m, name: n, type: SRV, port: 1}]}",
            "line 2: discovery.dns[0].port: belongs to A and AAAA: SRV records bring their own"),
        new Bad(
            "a signal of ours is pushed",
            "signals: {pushed: [inFlight]}",
            "line 2: signals.pushed[0]: must be busyRatio or cpuCacheUsage or decodeSecondsPerToken or"
                + " kvCacheUsage or outputTokensPerSecond or prefillSecondsPerToken or"
                + " promptTokensPerSecond or queueSeconds or running or utilization or waiting, not"
                + " \"inFlight\""));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void whatIsWrongIsSaid(Bad row) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> read(row.yaml()))
        .withMessage(row.problem());
  }

  @Test
  void aListOfEndpointsSaysNothingElse() {
    assertThat(
            ConfigReader.readEndpoints(
                "models: [{name: m, engine: tgi, endpoints: ['10.0.0.1']}]",
                Set.of("tgi"),
                Optional::of))
        .containsExactly(
            new ModelConfig(
                "m", "tgi", List.of(new EndpointAddress("10.0.0.1", "10.0.0.1", 8000))));
    assertThat(ConfigReader.readEndpoints("models: []", Set.of(), Optional::of)).isEmpty();
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() ->
            ConfigReader.readEndpoints(
                "models: [{name: m, locked-strategy: random}]", Set.of(), Optional::of))
        .withMessageContaining("models[0].locked-strategy: is unknown");
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> ConfigReader.readEndpoints("", Set.of(), Optional::of));
  }
}
