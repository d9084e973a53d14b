package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.EnvoyProcess.Shipped;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The endpoint picker's dialect with a real Envoy, by the configurations that are shipped. */
@ExtendWith(BlockedLoops.class)
final class EnvoyPickerIT {
  private static final String DESTINATION = "x-gateway-destination-endpoint";
  private static final String SERVED = "x-gateway-destination-endpoint-served";

  /** Shows the client what of the metadata Envoy took over. */
  private static String showMetadata(String yaml) {
    return yaml.replace(
        "              - match: { prefix: \"/\" }\n",
        """
                      - match: { prefix: "/" }
                        response_headers_to_add:
                        - header: { key: x-metadata, value: "%DYNAMIC_METADATA(envoy.lb:x-gateway-destination-endpoint)%" }
        """
            .indent(0));
  }

  /** Another filter, as gateways have it, that allows these endpoints only. */
  private static UnaryOperator<String> subset(String endpoints) {
    return yaml ->
        yaml.replace(
            "          - name: envoy.filters.http.ext_proc\n",
            """
                      - name: envoy.filters.http.set_metadata
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.http.set_metadata.v3.Config
                          metadata:
                          - metadata_namespace: envoy.lb.subset_hint
                            value: { x-gateway-destination-endpoint-subset: %s }
                      - name: envoy.filters.http.ext_proc
            """
                .formatted(endpoints));
  }

  private RecordingEngine one;
  private RecordingEngine other;
  private RunningHost host;

  @BeforeEach
  void start() {
    one = new RecordingEngine();
    other = new RecordingEngine();
    host = start(RunningHost.Ports.free(), List.of(one.address(), other.address()));
  }

  private static RunningHost start(RunningHost.Ports ports, List<String> addresses) {
    return RunningHost.start(
        ports,
        RunningHost.models(addresses),
        Map.of(
            "scrape-interval: 50ms",
            "scrape-interval: 0",
            "ext-proc: {",
            "ext-proc: {fallbacks: 2, "));
  }

  @AfterEach
  void stop() {
    host.close();
    one.close();
    other.close();
  }

  private EnvoyProcess envoy(String version, Shipped shipped, UnaryOperator<String> change)
      throws Exception {
    return EnvoyProcess.start(
        version,
        shipped,
        host.ports().extProc(),
        yaml -> change.apply(version.equals(EnvoyProcess.OLDEST) ? withoutNewer(yaml) : yaml));
  }

  /** What the oldest version does not know, as the files say. */
  private static String withoutNewer(String yaml) {
    return yaml.lines()
        .filter(line ->
            !line.contains("allow_content_length_header:") && !line.contains("selected_host_key:"))
        .collect(Collectors.joining("\n"));
  }

  private UnaryOperator<String> pool(String first, String second) {
    return yaml ->
        yaml.replace("port_value: 8000 ", "port_value: " + port(first) + " ")
            .replace("port_value: 8001 ", "port_value: " + port(second) + " ");
  }

  private static String port(String address) {
    return address.substring(address.lastIndexOf(':') + 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {EnvoyProcess.CURRENT, EnvoyProcess.OLDEST})
  void fullDuplexNamesTheEndpointInHeaderAndMetadata(String version) throws Exception {
    // A list is for load balancers that read one; this cluster takes one address.
    host.close();
    host =
        RunningHost.start(
            RunningHost.Ports.free(),
            RunningHost.models(List.of(one.address(), other.address())),
            Map.of("scrape-interval: 50ms", "scrape-interval: 0"));
    try (var envoy = envoy(version, Shipped.FULL_DUPLEX, EnvoyPickerIT::showMetadata)) {
      var client = new Client(envoy.port());
      for (var body : List.of(Bodies.HELLO, Bodies.ofSize(220_000), Bodies.ofSize(3_000_000))) {
        var answer =
            client.chat(body, DESTINATION, "192.0.2.1:80", "x-llm-d-inference-objective", "a");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        var target = Answers.header(answer, "target-pod");
        assertThat(target).isIn(one.address(), other.address());
        assertThat(Answers.header(answer, "x-metadata")).isEqualTo(target);
        assertThat(Answers.header(answer, SERVED)).isEqualTo(target);
        var received = target.equals(one.address()) ? one.last() : other.last();
        assertThat(received.header(DESTINATION)).containsExactly(target);
        assertThat(received.header("x-llm-d-inference-objective")).isEmpty();
        if (version.equals(EnvoyProcess.CURRENT)) {
          assertThat(received.header("content-length")).containsExactly("" + body.length());
        }
        assertThat(received.body()).isEqualTo(body);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {EnvoyProcess.CURRENT, EnvoyProcess.OLDEST})
  void aSubsetHintIsObeyed(String version) throws Exception {
    try (var envoy =
        envoy(version, Shipped.FULL_DUPLEX, subset("[\"%s\"]".formatted(other.address())))) {
      host.close();
      host =
          RunningHost.start(
              host.ports(), RunningHost.models(List.of(one.address(), other.address())));
      var client = new Client(envoy.port());
      Eventually.until(
          Duration.ofSeconds(5),
          () -> client.chat(Bodies.HELLO).statusCode() == 200,
          "Envoy does not reach the host");
      for (int i = 0; i < 10; i++) {
        assertThat(Answers.header(client.chat(Bodies.HELLO), "target-pod"))
            .isEqualTo(other.address());
      }
    }
    try (var envoy = envoy(version, Shipped.FULL_DUPLEX, subset("[]"))) {
      var refused = new Client(envoy.port()).chat(Bodies.HELLO);
      Answers.assertRefusal(refused, 503, "no-endpoint", null);
      assertThat(Answers.header(refused, "x-llm-d-request-dropped-reason"))
          .isEqualTo("rejected-no-endpoints");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {EnvoyProcess.CURRENT, EnvoyProcess.OLDEST})
  void failingOpenGoesOnAloneAndReachesListedEndpointsOnly(String version) throws Exception {
    try (var stranger = new RecordingEngine();
        var envoy = envoy(version, Shipped.FAIL_OPEN, pool(one.address(), other.address()))) {
      var client = new Client(envoy.port());
      assertThat(Answers.header(client.chat(Bodies.HELLO), "target-pod"))
          .isIn(one.address(), other.address());
      var ports = host.ports();
      host.close();

      for (int i = 0; i < 4; i++) {
        var alone = client.chat(Bodies.HELLO, DESTINATION, stranger.address());
        assertThat(alone.statusCode()).isEqualTo(200);
        assertThat(alone.headers().firstValue("target-pod")).isEmpty();
      }
      assertThat(one.received()).isNotEmpty();
      assertThat(other.received()).isNotEmpty();
      assertThat(stranger.received()).isEmpty();

      host = start(ports, List.of(one.address(), other.address()));
      Eventually.until(
          Duration.ofSeconds(5),
          () -> client.chat(Bodies.HELLO).headers().firstValue("target-pod").isPresent(),
          "Envoy does not come back to the host");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {EnvoyProcess.CURRENT, EnvoyProcess.OLDEST})
  void whereTheChosenEndpointIsGoneTheNextOneServes(String version) throws Exception {
    var gone = "127.0.0.1:" + FreePort.find();
    host.close();
    host = start(RunningHost.Ports.free(), List.of(gone, other.address()));
    try (var envoy = envoy(version, Shipped.FAIL_OPEN, pool(gone, other.address()))) {
      var client = new Client(envoy.port());
      var answers =
          IntStream.range(0, 20)
              .mapToObj(i -> client.chat(Bodies.HELLO, "routing-strategy", "round-robin"))
              .toList();

      assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(200);
      if (version.equals(EnvoyProcess.CURRENT)) {
        assertThat(answers)
            .extracting(answer -> Answers.header(answer, SERVED))
            .containsOnly(other.address());
      }
      assertThat(other.received().stream().map(each -> each.header(DESTINATION).getFirst()))
          .contains(gone + "," + other.address(), other.address() + "," + gone);
      host.awaitIdle();
    }
  }
}
