package io.signalbox.host.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.ModelConfig;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EndpointRegistryTest {
  private final EndpointRegistry registry = new EndpointRegistry();

  private static ModelConfig model(String name, String... ips) {
    var endpoints = Stream.of(ips).map(ip -> new EndpointAddress(ip, ip, 8000)).toList();
    return new ModelConfig(name, "vllm", endpoints);
  }

  private RegisteredEndpoint endpoint(String model, String ip) {
    return registry.fleet().models().getOrDefault(model, List.of()).stream()
        .filter(endpoint -> endpoint.host().equals(ip))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void thereIsNothingAtFirst() {
    assertThat(registry.fleet().models()).isEmpty();
  }

  @Test
  void endpointsAreInAddressOrderWhateverTheOrderOfTheConfiguration() {
    var fleet = registry.apply(List.of(model("m", "10.0.0.3", "10.0.0.1", "10.0.0.2")));

    assertThat(fleet.endpoints())
        .extracting(RegisteredEndpoint::host)
        .containsExactly("10.0.0.1", "10.0.0.2", "10.0.0.3");
    assertThat(registry.fleet()).isSameAs(fleet);
  }

  @Test
  void aModelMayHaveNoEndpoint() {
    assertThat(registry.apply(List.of(model("m"))).models()).containsEntry("m", List.of());
  }

  @Test
  void endpointsThatStayKeepTheirObjectAndCount() {
    registry.apply(List.of(model("m", "10.0.0.1", "10.0.0.2")));
    var stays = endpoint("m", "10.0.0.2");
    stays.reserve();

    registry.apply(List.of(model("other", "10.0.0.9"), model("m", "10.0.0.2", "10.0.0.3")));

    assertThat(endpoint("m", "10.0.0.2")).isSameAs(stays);
    assertThat(stays.inFlight()).isEqualTo(1);
    assertThat(endpoint("m", "10.0.0.3").inFlight()).isZero();
  }

  @Test
  void anAddressKeepsItsCountWhenTheModelIsRenamed() {
    registry.apply(List.of(model("old", "10.0.0.1")));
    var reservation = endpoint("old", "10.0.0.1").reserve();

    registry.apply(List.of(model("new", "10.0.0.1")));
    assertThat(endpoint("new", "10.0.0.1").inFlight()).isEqualTo(1);

    reservation.release();
    assertThat(endpoint("new", "10.0.0.1").inFlight()).isZero();
  }

  @Test
  void modelsThatShareAnAddressShareTheCount() {
    registry.apply(List.of(model("a", "10.0.0.1"), model("b", "10.0.0.1")));
    endpoint("a", "10.0.0.1").reserve();

    assertThat(endpoint("b", "10.0.0.1").inFlight()).isEqualTo(1);
    assertThat(registry.fleet().endpoints()).hasSize(2);
    assertThat(registry.fleet().byAddress()).containsOnlyKeys("10.0.0.1:8000");
  }

  @Test
  void anotherEngineAtTheSameAddressIsAnotherEndpointWithTheSameCount() {
    registry.apply(List.of(model("m", "10.0.0.1")));
    var before = endpoint("m", "10.0.0.1");
    before.reserve();

    registry.apply(List.of(new ModelConfig("m", "other", model("m", "10.0.0.1").endpoints())));

    assertThat(endpoint("m", "10.0.0.1")).isNotSameAs(before);
    assertThat(endpoint("m", "10.0.0.1").engine()).isEqualTo("other");
    assertThat(endpoint("m", "10.0.0.1").inFlight()).isEqualTo(1);
  }

  @Test
  void aFleetHandedOutDoesNotChange() {
    var before = registry.apply(List.of(model("m", "10.0.0.1")));
    registry.apply(List.of());

    assertThat(before.endpoints()).hasSize(1);
    assertThat(registry.fleet().endpoints()).isEmpty();
  }

  @Test
  void ipv6AddressesAreWrittenInBrackets() {
    registry.apply(List.of(model("m", "fd00::1")));

    assertThat(endpoint("m", "fd00::1").address()).isEqualTo("[fd00::1]:8000");
    assertThat(endpoint("m", "fd00::1")).hasToString("m@[fd00::1]:8000");
  }

  @Test
  void anAddressThatComesBackWhileRequestsRunHasTheirCount() {
    registry.apply(List.of(model("m", "10.0.0.1", "10.0.0.2")));
    var running = endpoint("m", "10.0.0.1").reserve();
    var before = endpoint("m", "10.0.0.1");

    registry.apply(List.of(model("m", "10.0.0.2")));
    registry.apply(List.of(model("m", "10.0.0.1", "10.0.0.2")));

    assertThat(endpoint("m", "10.0.0.1").inFlight()).isEqualTo(1);
    assertThat(endpoint("m", "10.0.0.1")).isEqualTo(before).hasSameHashCodeAs(before);
    running.release();
    assertThat(endpoint("m", "10.0.0.1").inFlight()).isZero();
  }
}
