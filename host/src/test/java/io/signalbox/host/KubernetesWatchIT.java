package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.signalbox.host.config.ConfigProblems;
import io.signalbox.host.config.ConfigReader;
import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.HostResolver;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.kubernetes.KubernetesStatus;
import io.signalbox.host.kubernetes.KubernetesView;
import io.signalbox.host.kubernetes.KubernetesWatch;
import io.signalbox.host.telemetry.DiscoveryMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is watched in a cluster, against an API server that keeps objects. */
class KubernetesWatchIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String MODEL = "model.aibrix.ai/name";

  @TempDir private Path folder;

  /** A watch under a configuration, and what it said last. */
  private final class Watched implements AutoCloseable {
    final MeterRegistry meters = new SimpleMeterRegistry();
    final KubernetesWatch watch;
    KubernetesView view = KubernetesView.EMPTY;
    private final AtomicLong aheadNanos = new AtomicLong();

    Watched(ApiServer server, String kubernetes) throws IOException {
      var yaml =
          "discovery: {kubernetes: {kubeconfig: %s, %s}}"
              .formatted(server.kubeconfig(folder), kubernetes);
      var problems = new ConfigProblems();
      var config = ConfigReader.read(yaml, HostResolver.SYSTEM, problems).discovery().kubernetes();
      problems.throwIfAny();
      watch =
          new KubernetesWatch(
              config.orElseThrow(),
              new KubernetesWatch.Surroundings(
                  folder,
                  Set.of("vllm"),
                  new DiscoveryMetrics(meters),
                  () -> System.nanoTime() + aheadNanos.get()));
    }

    /** On the clock of the watch, not on that of the client. */
    void pass(Duration time) {
      aheadNanos.addAndGet(time.toNanos());
    }

    void await(Predicate<KubernetesView> wanted) throws Exception {
      Eventually.until(
          PATIENCE,
          () -> {
            watch.look().ifPresent(next -> view = next);
            return wanted.test(view);
          },
          () -> view + ", " + watch.status());
    }

    /** Looks on until the status is as wanted. */
    void awaitStatus(Predicate<KubernetesStatus> wanted) throws Exception {
      await(any -> wanted.test(watch.status()));
    }

    List<String> endpoints(String model) {
      return endpointsOf(view, model);
    }

    double counted(String outcome) {
      return meters
          .get("signalbox.discoveries")
          .tag("source", "kubernetes")
          .tag("outcome", outcome)
          .counter()
          .count();
    }

    @Override
    public void close() {
      watch.close();
    }
  }

  private static List<String> endpointsOf(KubernetesView view, String model) {
    return view.models().stream()
        .filter(each -> each.name().equals(model))
        .flatMap(each -> each.endpoints().stream())
        .map(endpoint -> endpoint.ip() + ":" + endpoint.port())
        .toList();
  }

  private static Predicate<KubernetesView> serves(String model, String... endpoints) {
    return view -> endpointsOf(view, model).equals(List.of(endpoints));
  }

  private static Predicate<KubernetesView> serves(String model, int endpoints) {
    return view -> endpointsOf(view, model).size() == endpoints;
  }

  private static Pod pod(int number, String version) {
    return ApiServer.pod(
        "llama-" + version + "-" + number,
        "10.%d.%d.%d".formatted(version.length(), number / 250, number % 250 + 1),
        Map.of(MODEL, "llama", "version", version));
  }

  @Test
  void aThousandPodsAreRolledOver() throws Exception {
    try (var server = new ApiServer()) {
      IntStream.range(0, 1000).forEach(number -> server.put(pod(number, "a")));
      try (var watched = new Watched(server, "pods: [" + MODEL + "]")) {
        watched.await(serves("llama", 1000));
        assertThat(watched.watch.isComplete()).isTrue();

        for (int number = 0; number < 100; number++) {
          server.put(pod(number, "bb"));
          server.delete(pod(number, "a"));
        }
        watched.await(view ->
            endpointsOf(view, "llama").size() == 1000
                && endpointsOf(view, "llama").stream()
                        .filter(endpoint -> endpoint.startsWith("10.2."))
                        .count()
                    == 100);
      }
    }
  }

  @Test
  void whatIsLostStaysAndIsFollowedAgain() throws Exception {
    try (var server = new ApiServer()) {
      server.put(pod(1, "a"), pod(2, "a"));
      try (var watched = new Watched(server, "pods: [" + MODEL + "]")) {
        watched.await(serves("llama", 2));

        server.lose();
        server.delete(pod(1, "a"));
        server.put(pod(3, "a"));
        watched.await(any -> {
          watched.pass(Duration.ofSeconds(1));
          return watched.counted("failure") > 0;
        });
        assertThat(watched.endpoints("llama")).containsExactly("10.1.0.2:8000", "10.1.0.3:8000");
        assertThat(watched.watch.status().watches())
            .singleElement()
            .satisfies(watch -> {
              assertThat(watch.stands()).isFalse();
              assertThat(watch.what()).isEqualTo("pods " + MODEL + " in " + ApiServer.NAMESPACE);
            });

        server.find();
        watched.await(serves("llama", "10.1.0.3:8000", "10.1.0.4:8000"));
        watched.awaitStatus(status -> status.watches().getFirst().stands());
      }
    }
  }

  @Test
  void aWatchThatEndsGoesOn() throws Exception {
    try (var server = new ApiServer()) {
      server.put(pod(1, "a"));
      try (var watched = new Watched(server, "pods: [" + MODEL + "]")) {
        watched.await(serves("llama", 1));
        watched.awaitStatus(status -> status.watches().getFirst().stands());

        server.endWatches();
        server.put(pod(2, "a"));
        watched.await(serves("llama", 2));
      }
    }
  }

  @Test
  void versionsThatTheServerForgotAreListedAnew() throws Exception {
    try (var server = new ApiServer()) {
      server.put(pod(1, "a"));
      try (var watched = new Watched(server, "pods: [" + MODEL + "]")) {
        watched.await(serves("llama", 1));
        watched.awaitStatus(status -> status.watches().getFirst().stands());
        int lists = server.lists();

        server.forgetVersions();
        watched.await(any -> server.lists() > lists);
        server.put(pod(2, "a"));
        watched.await(serves("llama", 2));
      }
    }
  }

  @Test
  void aWatchThatCannotGoOnIsBegunAnew() throws Exception {
    try (var server = new ApiServer()) {
      server.put(pod(1, "a"), pod(2, "a"));
      try (var watched = new Watched(server, "pods: [" + MODEL + "]")) {
        watched.await(serves("llama", 2));
        watched.awaitStatus(status -> status.watches().getFirst().stands());

        server.refuseWatches();
        watched.awaitStatus(status -> {
          watched.pass(Duration.ofSeconds(1));
          return !status.watches().getFirst().stands();
        });
        server.delete(pod(1, "a"));
        watched.pass(Duration.ofMinutes(1));
        watched.await(serves("llama", "10.1.0.3:8000"));
      }
    }
  }

  @Test
  void aKubeconfigThatIsNotThereIsLookedForAgain() throws Exception {
    try (var server = new ApiServer()) {
      server.put(pod(1, "a"));
      try (var watched = new Watched(server, "pods: [" + MODEL + "]")) {
        Files.delete(folder.resolve("kubeconfig"));
        watched.awaitStatus(status -> !status.watches().isEmpty());
        assertThat(watched.watch.status().watches().getFirst().error()).isPresent();
        assertThat(watched.counted("failure")).isPositive();

        var _ = server.kubeconfig(folder);
        watched.pass(Duration.ofSeconds(1));
        watched.await(serves("llama", 1));
      }
    }
  }

  @Test
  void podsThatEndOrAreNotReadyTakeNothing() throws Exception {
    try (var server = new ApiServer()) {
      server.put(pod(1, "a"), pod(2, "a"), pod(3, "a"));
      try (var watched = new Watched(server, "pods: [" + MODEL + "]")) {
        watched.await(serves("llama", 3));

        server.put(
            new PodBuilder(pod(1, "a"))
                .editMetadata()
                .withDeletionTimestamp("2026-01-01T00:00:00Z")
                .endMetadata()
                .build());
        var unready = pod(2, "a");
        unready.getStatus().getConditions().getFirst().setStatus("False");
        server.put(unready);
        watched.await(serves("llama", "10.1.0.4:8000"));
      }
    }
  }

  @Test
  void whatOnePodSaysWronglyIsItsOwnProblem() throws Exception {
    try (var server = new ApiServer()) {
      var broken = pod(1, "a");
      broken.getMetadata().setAnnotations(Map.of("model.aibrix.ai/config", "{\"profiles\": 7}"));
      var unusable = pod(2, "a");
      unusable.getMetadata().setLabels(Map.of(MODEL, "llama", "model.aibrix.ai/port", "http"));
      server.put(broken, unusable, pod(3, "a"));
      try (var watched = new Watched(server, "pods: [" + MODEL + "]")) {
        watched.await(serves("llama", "10.1.0.2:8000", "10.1.0.4:8000"));

        assertThat(watched.watch.status().problems())
            .containsExactlyInAnyOrder(
                new KubernetesStatus.Problem(
                    "models/llama-a-1",
                    "annotation model.aibrix.ai/config: line 1: profiles: must be a mapping of keys"
                        + " to values, not \"7\""),
                new KubernetesStatus.Problem(
                    "models/llama-a-1",
                    "annotation model.aibrix.ai/config: line 1: profiles: must have at least one"
                        + " profile"),
                new KubernetesStatus.Problem(
                    "models/llama-a-2",
                    "model.aibrix.ai/port: must be a number from 1 to 65535, not \"http\""));
        assertThat(watched.meters.get("signalbox.discovery.problems").tag("of", "objects").gauge())
            .satisfies(gauge -> assertThat(gauge.value()).isEqualTo(3));
      }
    }
  }

  @Test
  void theNewestPodSaysHowItsModelIsRouted() throws Exception {
    try (var server = new ApiServer()) {
      server.put(profiled(1, "2026-01-01T00:00:00Z", "random"));
      try (var watched = new Watched(server, "pods: [" + MODEL + "]")) {
        watched.await(view -> strategies(view).equals(List.of("random")));

        server.put(profiled(2, "2026-01-02T00:00:00Z", "least-request"));
        watched.await(view -> strategies(view).equals(List.of("least-request")));

        server.put(profiled(2, "2026-01-02T00:00:00Z", "round-robin"));
        watched.await(view -> strategies(view).equals(List.of("round-robin")));
      }
    }
  }

  private static Pod profiled(int number, String created, String strategy) {
    return new PodBuilder(pod(number, "a"))
        .editMetadata()
        .withCreationTimestamp(created)
        .addToAnnotations(
            "model.aibrix.ai/config",
            "{\"profiles\": {\"default\": {\"routingStrategy\": \"" + strategy + "\"}}}")
        .endMetadata()
        .build();
  }

  private static List<String> strategies(KubernetesView view) {
    return view.models().stream()
        .flatMap(model -> model.routing().profiles().values().stream())
        .flatMap(profile -> profile.strategy().stream())
        .toList();
  }

  @Test
  void adaptersAreModelsOfThePodsThatHaveThem() throws Exception {
    try (var server = new ApiServer()) {
      server.put(pod(1, "a"), pod(2, "a"));
      server.putYaml(adapter("Running", "llama-a-2"));
      try (var watched = new Watched(server, "pods: [" + MODEL + "], model-adapters: true")) {
        watched.await(serves("sql", "10.1.0.3:8000"));
        assertThat(watched.endpoints("llama")).hasSize(2);

        server.putYaml(adapter("Failed", "llama-a-2"));
        watched.await(serves("sql", 0));
      }
    }
  }

  private static String adapter(String phase, String pod) {
    return """
    apiVersion: model.aibrix.ai/v1alpha1
    kind: ModelAdapter
    metadata: {name: sql, namespace: models}
    spec: {baseModel: llama}
    status: {phase: %s, instances: [%s]}
    """
        .formatted(phase, pod);
  }

  @Test
  void poolsSelectPodsAndPorts() throws Exception {
    try (var server = new ApiServer()) {
      server.put(
          ApiServer.pod("p", "10.0.0.1", Map.of("app", "a")),
          ApiServer.pod("q", "10.0.0.2", Map.of("app", "b")));
      server.putYaml(pool("a", 8000, 8001));
      server.putYaml(objective("interactive", "pool", "100"));
      server.putYaml(objective("other", "elsewhere", "5"));
      server.putYaml(objective("loud", "pool", "100000"));
      try (var watched =
          new Watched(
              server, "inference-pools: [{name: pool, model: llama}], objectives: llm-d.ai")) {
        watched.await(serves("llama", "10.0.0.1:8000", "10.0.0.1:8001"));
        watched.await(view -> view.priorities().equals(Map.of("interactive", 100)));
        assertThat(watched.watch.status().problems())
            .containsExactly(
                new KubernetesStatus.Problem(
                    "models/loud",
                    "spec.priority: must be an integer from -1000 to 1000, not 100000"));

        server.putYaml(pool("b", 9000));
        watched.await(serves("llama", "10.0.0.2:9000"));
      }
    }
  }

  private static String pool(String app, Integer... ports) {
    var numbers =
        String.join(", ", List.of(ports).stream().map(port -> "{number: " + port + "}").toList());
    return """
    apiVersion: inference.networking.k8s.io/v1
    kind: InferencePool
    metadata: {name: pool, namespace: models}
    spec: {selector: {matchLabels: {app: %s}}, targetPorts: [%s]}
    """
        .formatted(app, numbers);
  }

  private static String objective(String name, String pool, String priority) {
    return """
    apiVersion: llm-d.ai/v1alpha2
    kind: InferenceObjective
    metadata: {name: %s, namespace: models}
    spec: {priority: %s, poolRef: {name: %s}}
    """
        .formatted(name, priority, pool);
  }

  @Test
  void slicesNameWhoIsBehindAService() throws Exception {
    try (var server = new ApiServer()) {
      server.putYaml(slice("{ready: true}", "{ready: false}", "{ready: true, terminating: true}"));
      try (var watched =
          new Watched(
              server,
              "endpoint-slices: [{service: llama, model: llama, port: http, engine: vllm}]")) {
        watched.await(serves("llama", "10.0.0.1:8000"));
        assertThat(watched.view.models())
            .containsExactly(
                new ModelConfig(
                    "llama",
                    "vllm",
                    List.of(
                        new EndpointAddress(
                            "models/llama-0:8000",
                            "10.0.0.1",
                            8000,
                            Map.of("namespace", "models", "pod", "llama-0")))));

        server.putYaml(slice("{ready: true}", "{ready: true}", "{}"));
        watched.await(serves("llama", "10.0.0.1:8000", "10.0.0.2:8000", "10.0.0.3:8000"));
      }
    }
  }

  private static String slice(String... conditions) {
    var endpoints =
        IntStream.range(0, conditions.length)
            .mapToObj(i ->
                "{addresses: [10.0.0.%d], conditions: %s, targetRef: {kind: Pod, name: llama-%d}}"
                    .formatted(i + 1, conditions[i], i))
            .toList();
    return """
    apiVersion: discovery.k8s.io/v1
    kind: EndpointSlice
    metadata: {name: llama-x, namespace: models, labels: {kubernetes.io/service-name: llama}}
    addressType: IPv4
    ports: [{name: http, port: 8000}, {name: metrics, port: 9000}]
    endpoints: [%s]
    """
        .formatted(String.join(", ", endpoints));
  }
}
