package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.endpoint.EndpointRegistry;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HostMetersTest {
  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final EndpointRegistry registry = new EndpointRegistry();

  HostMetersTest() {
    meters.getPrometheusRegistry().register(new HostMeters(registry::fleet, model -> 3));
  }

  /** Endpoints with the addresses {@code 10.0.0.0:8000}, {@code 10.0.0.1:8000} and so on. */
  private void follow(int endpoints) {
    var addresses =
        IntStream.range(0, endpoints)
            .mapToObj(i -> new EndpointAddress("10.0.0." + i + ":8000", "10.0.0." + i, 8000))
            .toList();
    registry.apply(List.of(new ModelConfig("m", ModelConfig.DEFAULT_ENGINE, addresses)));
  }

  private List<String> rows(String meter) {
    return meters.scrape().lines().filter(line -> line.startsWith(meter + "{")).toList();
  }

  @Test
  void endpointsComeAndGo() {
    follow(2);
    assertThat(rows("signalbox_in_flight"))
        .containsExactlyInAnyOrder(
            "signalbox_in_flight{endpoint=\"10.0.0.0:8000\"} 0.0",
            "signalbox_in_flight{endpoint=\"10.0.0.1:8000\"} 0.0");
    assertThat(rows("signalbox_queued_requests"))
        .containsExactly("signalbox_queued_requests{model=\"m\"} 3.0");

    registry.fleet().endpoints().getFirst().reserve();
    follow(1);
    assertThat(rows("signalbox_in_flight"))
        .containsExactly("signalbox_in_flight{endpoint=\"10.0.0.0:8000\"} 1.0");
  }

  @Test
  void aPageThatIsMadeWhileEndpointsChangeShowsEachOnce() throws Exception {
    follow(200);
    var changes =
        Thread.ofPlatform()
            .start(() -> {
              for (int i = 0; i < 300; i++) {
                follow(200 + i % 2);
              }
            });
    do {
      assertThat(rows("signalbox_in_flight_elsewhere")).doesNotHaveDuplicates().isNotEmpty();
    } while (changes.isAlive());
    changes.join();
  }
}
