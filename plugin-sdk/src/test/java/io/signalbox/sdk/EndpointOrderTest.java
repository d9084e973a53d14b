package io.signalbox.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EndpointOrderTest {
  private record Address(String host, int port) implements Endpoint {
    @Override
    public String address() {
      return host + ":" + port;
    }

    @Override
    public String model() {
      return "m";
    }

    @Override
    public Map<String, String> labels() {
      return Map.of();
    }
  }

  @Test
  void hostsAreComparedAsTextAndPortsAsNumbers() {
    var sorted =
        Stream.of(
                new Address("10.0.0.9", 80),
                new Address("10.0.0.10", 8000),
                new Address("10.0.0.9", 9),
                new Address("10.0.0.10", 80))
            .sorted(Endpoint.BY_ADDRESS)
            .map(Endpoint::address);

    assertThat(sorted)
        .containsExactly("10.0.0.10:80", "10.0.0.10:8000", "10.0.0.9:9", "10.0.0.9:80");
  }
}
