package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Endpoints from a file that is followed, and from a name server on loopback. */
@ExtendWith(BlockedLoops.class)
class DiscoveryIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path folder;

  private RunningHost host(String rest) throws IOException {
    var ports = RunningHost.Ports.free();
    var file = folder.resolve("signalbox.yaml");
    Files.writeString(file, ports.yaml(rest));
    return RunningHost.follow(ports, file);
  }

  private static String list(String... addresses) {
    return "models: [{name: %s, endpoints: [%s]}]\n"
        .formatted(RunningHost.MODEL, "\"" + String.join("\", \"", addresses) + "\"");
  }

  private static void await(RunningHost host, int count) throws Exception {
    var endpoints = new EndpointsPage(host);
    Eventually.until(
        PATIENCE, () -> endpoints.count() == count, () -> "there are " + endpoints.count());
  }

  /** A list that {@code check} finds beside the configuration, and what it says. */
  record Listed(String name, String text, int exitCode, String said) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Listed> listed() {
    return List.of(
        new Listed("a list", list("127.0.0.1:1"), 0, "signalbox.yaml is valid"),
        new Listed(
            "an endpoint that is none",
            "models:\n  - name: m\n    endpoints:\n      - 127.0.0.1:99999\n",
            1,
            "endpoints.yaml cannot be used:\n  line 4: models[0].endpoints[0]: must be "),
        new Listed(
            "a key that does not belong there",
            "models:\n  - {name: m, tokenizer: a.json}\n",
            1,
            "endpoints.yaml cannot be used:\n  line 2: models[0].tokenizer: is unknown"),
        new Listed("no YAML", "models: [", 1, "\n  line 1: is not YAML: "));
  }

  @ParameterizedTest
  @MethodSource("listed")
  void checkReadsTheListToo(Listed row) throws Exception {
    Files.writeString(folder.resolve("endpoints.yaml"), row.text());

    assertThat(check(row.exitCode())).contains(row.said());
  }

  @Test
  void aListThatIsNotThereYetIsAWarning() throws Exception {
    assertThat(check(0))
        .contains("warning: discovery.file: there is no ")
        .contains("endpoints.yaml yet")
        .contains("signalbox.yaml is valid");
  }

  /** What {@code check} says of a configuration whose endpoints are in {@code endpoints.yaml}. */
  private String check(int exitCode) throws IOException {
    var file = folder.resolve("signalbox.yaml");
    Files.writeString(file, "models: [{name: m}]\ndiscovery: {file: endpoints.yaml}\n");
    var text = new StringWriter();
    var writer = new PrintWriter(text, true);
    var command = Main.commandLine().setOut(writer).setErr(writer);
    assertThat(command.execute("check", "-c", file.toString()))
        .as(text.toString())
        .isEqualTo(exitCode);
    return text.toString();
  }

  @Test
  void aFileIsFollowedHoweverItChanges() throws Exception {
    var file = folder.resolve("endpoints.yaml");
    try (var host =
        host(
            "models: [{name: %s}]\ndiscovery: {file: endpoints.yaml}"
                .formatted(RunningHost.MODEL))) {
      assertThat(new EndpointsPage(host).count()).isZero();

      Files.writeString(file, list("127.0.0.1:1", "127.0.0.1:2"));
      await(host, 2);

      var next = folder.resolve("next");
      Files.writeString(next, list("127.0.0.1:2", "127.0.0.1:3", "127.0.0.1:4"));
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      await(host, 3);

      Files.writeString(
          file,
          "models: [{name: %s, endpoints: [\"127.0.0.1:99999\"]}]".formatted(RunningHost.MODEL));
      Eventually.until(
          PATIENCE,
          () ->
              host.meter("signalbox_discoveries_total", "outcome=\"failure\",source=\"file\"") >= 2,
          "it is not refused");
      assertThat(new EndpointsPage(host).count()).isEqualTo(3);

      Files.delete(file);
      Files.writeString(file, "models: []\n");
      await(host, 0);

      Files.writeString(file, list("127.0.0.1:2"));
      await(host, 1);
    }
  }

  @Test
  void aModelThatOnlyTheFileNamesIsServed() throws Exception {
    try (var engine = new PageEngine().page("vllm:num_requests_waiting 1\n")) {
      Files.writeString(folder.resolve("endpoints.yaml"), list(engine.address()));
      try (var host =
          host(
              """
              models: [{name: other}]
              discovery: {file: endpoints.yaml}
              routing: {default: prefix-cache}
              zeromq: {enabled: true}
              """)) {
        // It is there before the host is ready, and is in all as if it were listed.
        var answer = host.gateway().chat(Bodies.HELLO);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(Answers.header(answer, "x-signalbox-degraded"))
            .isEqualTo("kv-events untokenized");
        assertThat(host.gateway().get("/v1/models").body()).contains(RunningHost.MODEL);
      }
    }
  }

  @Test
  void addressesOfANameAreFollowedAndKeptWhereTheServerIsLost() throws Exception {
    try (var dns = new DnsServer()) {
      dns.addresses("llama.example", "127.0.0.1", "127.0.0.2");
      try (var host =
          host(
              """
              models: [{name: %s, endpoints: ["127.0.0.9:8000"]}]
              discovery:
                dns: [{model: %s, name: llama.example, port: 8123, interval: 100ms, server: "%s"}]
              """
                  .formatted(RunningHost.MODEL, RunningHost.MODEL, dns.address()))) {
        assertThat(new EndpointsPage(host).count()).isEqualTo(3);
        assertThat(new EndpointsPage(host).has("127.0.0.2:8123")).isTrue();

        dns.addresses("llama.example", "127.0.0.2", "127.0.0.3", "127.0.0.4");
        await(host, 4);

        dns.silent(true);
        Eventually.until(
            PATIENCE,
            () ->
                host.meter("signalbox_discoveries_total", "outcome=\"failure\",source=\"dns\"") > 0,
            "it is not noticed");
        assertThat(new EndpointsPage(host).count()).isEqualTo(4);

        dns.silent(false);
        dns.addresses("llama.example");
        dns.addresses("llama.example", "127.0.0.5");
        await(host, 2);
      }
    }
  }

  @Test
  void servicesBringTheirPortsAndManyComeOverTcp() throws Exception {
    try (var dns = new DnsServer()) {
      dns.services(
          "_http._tcp.llama.example",
          10,
          8001,
          "a.llama.example",
          10,
          8002,
          "b.llama.example",
          20,
          8003,
          "standby.llama.example");
      dns.addresses("a.llama.example", "127.0.0.1");
      dns.addresses(
          "b.llama.example",
          IntStream.rangeClosed(1, 100).mapToObj(i -> "127.0.1." + i).toArray(String[]::new));
      try (var host =
          host(
              """
              models: [{name: %s}]
              discovery:
                dns: [{model: %s, name: _http._tcp.llama.example, type: SRV, server: "%s"}]
              """
                  .formatted(RunningHost.MODEL, RunningHost.MODEL, dns.address()))) {
        assertThat(new EndpointsPage(host).count()).isEqualTo(101);
        assertThat(new EndpointsPage(host).has("127.0.0.1:8001")).isTrue();
        assertThat(new EndpointsPage(host).has("127.0.1.100:8002")).isTrue();
        assertThat(dns.askedOverTcp()).isTrue();
      }
    }
  }
}
