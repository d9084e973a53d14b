package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.LoadedConfiguration.Surroundings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code signalbox check} warns of. */
class FlowControlWarningsTest {
  private static final String BEHIND_ENVOY =
      ".max-wait: behind Envoy requests wait 119s at the most, but in full duplex: for more, Envoy's"
          + " max_message_timeout and ext-proc.max-message-timeout must be 151s or more";
  private static final String NOBODY_TELLS =
      ".full: nothing tells how full endpoints are, so no request waits: set full.in-flight, or let"
          + " signals be scraped";

  /** A configuration, and what is said of it. */
  record Row(String name, String yaml, List<String> warnings) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Row row(String name, String yaml, String... warnings) {
    return new Row(name, yaml, List.of(warnings));
  }

  static List<Row> rows() {
    return List.of(
        row("off", "routing: {flow-control: {max-wait: 1h}}"),
        row("as long as Envoy waits", "routing: {flow-control: {enabled: true, max-wait: 119s}}"),
        row(
            "longer than Envoy waits",
            "routing: {flow-control: {enabled: true, max-wait: 150s}}",
            "routing.flow-control" + BEHIND_ENVOY),
        row(
            "Envoy waits longer too",
            """
            ext-proc: {max-message-timeout: 151s}
            routing: {flow-control: {enabled: true, max-wait: 150s}}
            """),
        row(
            "not behind Envoy",
            """
            ext-proc: {enabled: false}
            routing: {flow-control: {enabled: true, max-wait: 150s}}
            """),
        row(
            "longer than the gateway keeps silent connections",
            """
            ext-proc: {enabled: false}
            gateway: {idle-timeout: 20s}
            routing: {flow-control: {enabled: true}}
            """,
            "routing.flow-control.max-wait: at the gateway requests wait 20s at the most, which is"
                + " gateway.idle-timeout"),
        row(
            "nobody tells",
            """
            signals: {scrape-interval: 0}
            routing: {flow-control: {enabled: true}}
            """,
            "routing.flow-control" + NOBODY_TELLS),
        row(
            "somebody pushes",
            """
            signals: {scrape-interval: 0, pushed: [waiting]}
            routing: {flow-control: {enabled: true}}
            """),
        row(
            "our own count is enough",
            """
            signals: {scrape-interval: 0}
            routing: {flow-control: {enabled: true, full: {in-flight: 7}}}
            """),
        row(
            "of one model",
            """
            models: [{name: a}, {name: b, flow-control: {enabled: true, max-wait: 150s}}]
            """,
            "models[1].flow-control" + BEHIND_ENVOY));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void whatWillNotHoldIsSaid(Row row) {
    var yaml = row.yaml().contains("models:") ? row.yaml() : row.yaml() + "\nmodels: [{name: m}]";
    var loaded =
        LoadedConfiguration.read(
            yaml,
            new Surroundings(configuration -> KnownStrategies.BUILT_IN, Optional::of, Map.of()));

    assertThat(loaded.warnings()).isEqualTo(row.warnings());
  }
}
