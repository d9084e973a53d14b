package io.signalbox.host.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.endpoint.EndpointRegistry;
import io.signalbox.host.signals.FleetSnapshot;
import io.signalbox.host.signals.Sample;
import io.signalbox.host.signals.SampleTable;
import io.signalbox.sdk.Signal;
import java.util.List;
import org.junit.jupiter.api.Test;

class FleetMetersTest {
  private static final String FIRST = "10.0.0.1:8000";
  private static final String SECOND = "10.0.0.2:8000";

  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final SampleTable table = new SampleTable();
  private FleetSnapshot fleet = FleetSnapshot.EMPTY;

  FleetMetersTest() {
    meters.getPrometheusRegistry().register(new FleetMeters(() -> fleet));
  }

  private void apply() {
    var endpoints =
        List.of(
            new EndpointAddress(FIRST, "10.0.0.1", 8000),
            new EndpointAddress(SECOND, "10.0.0.2", 8000));
    var models =
        List.of(
            new ModelConfig("full", "vllm", endpoints), new ModelConfig("none", "vllm", List.of()));
    fleet = table.snapshot(new EndpointRegistry().apply(models), 1_000, 600);
  }

  private List<String> shown(String name) {
    return meters.scrape().lines().filter(line -> line.startsWith(name + "{")).toList();
  }

  @Test
  void withoutModelsNothingIsShown() {
    assertThat(shown("signalbox_endpoints")).isEmpty();
    assertThat(shown("signalbox_signal")).isEmpty();
  }

  @Test
  void whatIsUnknownOrTooOldHasNoSeries() {
    table.put(FIRST, Signal.WAITING, new Sample(3, 900));
    table.put(SECOND, Signal.WAITING, new Sample(5, 100));
    apply();

    assertThat(shown("signalbox_signal"))
        .containsOnlyOnce(
            "signalbox_signal{endpoint=\"10.0.0.1:8000\",model=\"full\",signal=\"waiting\"} 3.0")
        .noneMatch(line -> line.contains(SECOND) && line.contains("waiting"))
        .noneMatch(line -> line.endsWith(" NaN"));
  }

  @Test
  void noneIsShownAsNone() {
    table.unreachable(SECOND);
    apply();

    assertThat(shown("signalbox_endpoints"))
        .contains(
            "signalbox_endpoints{availability=\"ready\",model=\"full\"} 1.0",
            "signalbox_endpoints{availability=\"unreachable\",model=\"full\"} 1.0",
            "signalbox_endpoints{availability=\"ejected\",model=\"full\"} 0.0",
            "signalbox_endpoints{availability=\"ready\",model=\"none\"} 0.0");
  }
}
