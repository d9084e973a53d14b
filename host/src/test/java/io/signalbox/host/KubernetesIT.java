package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host whose endpoints and profiles come from a cluster. */
class KubernetesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;

  /** Pages are read when an endpoint comes, and what they say then stays fresh. */
  private RunningHost host(ApiServer server) throws IOException {
    var ports = RunningHost.Ports.free();
    var file = folder.resolve("signalbox.yaml");
    var _ = server.kubeconfig(folder);
    Files.writeString(
        file,
        ports
            .yaml(
                """
                models: [{name: %s}]
                discovery: {kubernetes: {kubeconfig: kubeconfig, pods: [model.aibrix.ai/name]}}
                """
                    .formatted(RunningHost.MODEL))
            .replace("scrape-interval: 50ms", "scrape-interval: 10m")
            .replace("scrape-interval: 60ms", "scrape-interval: 10m"));
    return RunningHost.follow(ports, file);
  }

  /** A pod that is an engine of loopback. */
  private static Pod pod(String name, String address, Map<String, String> labels) {
    var all = new HashMap<>(labels);
    int colon = address.lastIndexOf(':');
    all.put("model.aibrix.ai/name", RunningHost.MODEL);
    all.put("model.aibrix.ai/port", address.substring(colon + 1));
    return ApiServer.pod(name, address.substring(0, colon), all);
  }

  private static Pod profiled(Pod pod, String created, String config) {
    return new PodBuilder(pod)
        .editMetadata()
        .withCreationTimestamp(created)
        .addToAnnotations("model.aibrix.ai/config", config)
        .endMetadata()
        .build();
  }

  @Test
  void podsServeUntilTheyEndAndUpdatesTakeNothingAway() throws Exception {
    var page = "vllm:num_requests_waiting 7\n";
    try (var server = new ApiServer();
        var one = new PageEngine().page(page);
        var two = new PageEngine().page(page)) {
      server.put(pod("one", one.address(), Map.of()));
      try (var host = host(server)) {
        awaitServed(host);
        var endpoints = new EndpointsPage(host);
        endpoints.await(one.address(), "waiting", 7);

        // A page that tells nothing from now on shows that the signal is the one from before.
        one.page(request -> {});
        server.put(pod("one", one.address(), Map.of("tier", "gold")));
        Eventually.until(
            PATIENCE, () -> endpoints.label(one.address(), "tier").equals("gold"), "no new label");
        assertThat(endpoints.signal(one.address(), "waiting")).isEqualTo(7);

        server.put(pod("two", two.address(), Map.of()));
        Eventually.until(PATIENCE, () -> endpoints.count() == 2, "it is not found");

        server.put(
            new PodBuilder(pod("one", one.address(), Map.of()))
                .editMetadata()
                .withDeletionTimestamp("2026-01-01T00:00:00Z")
                .endMetadata()
                .build());
        Eventually.until(PATIENCE, () -> endpoints.count() == 1, "it still takes requests");
        Eventually.until(
            PATIENCE,
            () ->
                IntStream.range(0, 20)
                    .allMatch(i ->
                        host.gateway()
                            .chat(Bodies.HELLO)
                            .headers()
                            .firstValue("target-pod")
                            .orElse("")
                            .equals(two.address())),
            "requests still go there");
      }
    }
  }

  @Test
  void profilesOfPodsDecideAndThoseThatCannotAreRefusedWithTheReason() throws Exception {
    try (var server = new ApiServer();
        var engine = new PageEngine().page("")) {
      var pod = pod("one", engine.address(), Map.of());
      server.put(
          profiled(
              pod,
              "2026-01-01T00:00:00Z",
              "{\"profiles\": {\"default\": {\"routingStrategy\": \"least-kv-cache\"}}}"));
      try (var host = host(server)) {
        awaitServed(host);
        assertThat(strategy(host)).isEqualTo("least-kv-cache");

        server.put(
            profiled(
                pod,
                "2026-01-01T00:00:00Z",
                "{\"profiles\": {\"default\": {\"routingStrategy\": \"fastest\"}}}"));
        Eventually.until(
            PATIENCE,
            () -> host.meter("signalbox_discovery_problems", "of=\"profiles\"") == 1,
            "it is not refused");
        assertThat(host.admin().get("/discovery").body())
            .contains("\"object\" : \"model " + RunningHost.MODEL + "\"")
            .contains("profiles.default.strategy")
            .contains("fastest")
            .contains("\"stands\" : true");
        assertThat(strategy(host)).isEqualTo("least-kv-cache");

        server.put(
            profiled(
                pod,
                "2026-01-01T00:00:00Z",
                "{\"profiles\": {\"default\": {\"routingStrategy\": \"random\"}}}"));
        Eventually.until(PATIENCE, () -> strategy(host).equals("random"), "it is not used");
        assertThat(host.meter("signalbox_discovery_problems", "of=\"profiles\"")).isZero();
      }
    }
  }

  @Test
  void aReplicaThatKnowsNobodyIsNotReady() throws Exception {
    try (var server = new ApiServer();
        var engine = new PageEngine().page("")) {
      server.lose();
      server.put(pod("one", engine.address(), Map.of()));
      try (var host = host(server)) {
        assertThat(host.admin().get("/health/ready").statusCode()).isEqualTo(503);

        server.find();
        awaitServed(host);
      }
    }
  }

  @Test
  void withoutAClusterNothingOfItsClientIsLoaded() throws Exception {
    var ports = RunningHost.Ports.free();
    var file = folder.resolve("signalbox.yaml");
    Files.writeString(file, ports.yaml(RunningHost.models(List.of("127.0.0.1:1"))));
    var classes = folder.resolve("classes.log");
    try (var _ = SmallHost.start(ports, file, "-Xlog:class+load:file=" + classes)) {
      // It is ready.
    }
    assertThat(Files.readString(classes))
        .contains("io.signalbox.host.discovery.Discovery ")
        .doesNotContain("io.fabric8.");
  }

  /** Ready, and the event loop that is asked knows who there is. */
  private static void awaitServed(RunningHost host) throws Exception {
    Eventually.until(
        PATIENCE,
        () ->
            host.admin().get("/health/ready").statusCode() == 200
                && host.gateway().chat(Bodies.HELLO).statusCode() == 200,
        () -> "it does not serve: " + host.admin().get("/discovery").body());
  }

  private static String strategy(RunningHost host) {
    return host.gateway().chat(Bodies.HELLO).headers().firstValue("routing-strategy").orElse("");
  }
}
