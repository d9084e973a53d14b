package io.signalbox.host;

import static io.signalbox.host.KubernetesTools.helm;
import static io.signalbox.host.KubernetesTools.kubectl;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.signalbox.host.LoadedConfiguration.Surroundings;
import io.signalbox.host.config.ExtProcConfig;
import io.signalbox.host.strategy.StrategyRegistry;
import io.signalbox.strategies.BuiltinStrategies;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The chart, the base for kustomize, the files in {@code conf/kubernetes} and what {@code
 * docs/deployment.md} has people apply: rendered by helm and kubectl, taken by Kubernetes' schemas,
 * with configurations that load.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DeploymentIT {
  private static final Path CONF = Markdown.ROOT.resolve("conf");
  private static final String CHART = CONF.resolve("helm/signalbox").toString();
  private static final Path BASE = CONF.resolve("kustomize/base");
  private static final Markdown PAGE = Markdown.page("docs/deployment.md");

  @TempDir private Path folder;

  /** Of the first version that the chart is for, and of the newest that is known. */
  private List<ManifestSchemas> schemas = List.of();

  @BeforeAll
  void openSchemas() throws IOException {
    schemas = List.of(new ManifestSchemas("1.30"), new ManifestSchemas("1.37"));
  }

  @AfterAll
  void closeSchemas() throws IOException {
    for (var one : schemas) {
      one.close();
    }
  }

  /** Values under which the chart is rendered. */
  record Values(String name, String yaml) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Values> values() {
    var ours =
        Stream.of(
            new Values("as it is", ""),
            new Values(
                "everything",
                """
                image: {repository: registry.example/signalbox, tag: "2"}
                imagePullSecrets: [{name: registry}]
                plugins:
                  first.mjs: |
                    export const strategy = { name: "first", kind: "scorer", prefer: "low" };
                    export const score = () => 0;
                env: [{name: ROUTING_ALGORITHM, value: least-request}]
                service: {type: LoadBalancer, annotations: {a: b}}
                podAnnotations: {a: b}
                nodeSelector: {a: b}
                tolerations: [{key: a, operator: Exists}]
                affinity: {nodeAffinity: {}}
                priorityClassName: high
                autoscaling: {enabled: true}
                networkPolicy: {clients: [{podSelector: {matchLabels: {app: envoy}}}]}
                serviceMonitor:
                  enabled: true
                  labels: {release: prometheus}
                  authorization: {type: Bearer, credentials: {name: admin, key: token}}
                config:
                  gateway: {port: 8081, tls: {certificate: tls.crt, key: tls.key}}
                  ext-proc: {port: 50053, tls: {certificate: tls.crt, key: tls.key}}
                  admin: {port: 8091, tls: {certificate: tls.crt, key: tls.key}}
                  prefix-index: {blocks: 16777216}
                """),
            new Values(
                "one process without discovery",
                """
                replicas: 1
                config:
                  cluster: {enabled: false}
                  discovery: null
                  models: [{name: m, endpoints: ["10.0.0.1:8000"]}]
                podDisruptionBudget: {enabled: false}
                networkPolicy: {enabled: false}
                """));
    return Stream.concat(
        ours,
        PAGE.blocks("yaml").stream().filter(block -> !isApplied(block)).map(DeploymentIT::of));
  }

  private static Values of(String yaml) {
    return new Values(PAGE.file().getFileName() + ": " + yaml.lines().findFirst().orElse(""), yaml);
  }

  /** Blocks of the page are manifests, rules of an adapter, or values of the chart. */
  private static boolean isApplied(String block) {
    return block.contains("apiVersion:") || block.startsWith("rules:");
  }

  private List<Manifest> rendered(String values) throws Exception {
    return Manifest.all(template(values).orFail());
  }

  private KubernetesTools.Printed template(String values) throws Exception {
    var file = Files.writeString(folder.resolve("values.yaml"), values);
    return helm("template", "signalbox", CHART, "--values", file.toString());
  }

  private List<String> problems(List<Manifest> manifests) {
    return schemas.stream()
        .flatMap(version -> manifests.stream().flatMap(one -> version.problems(one).stream()))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("values")
  void whatTheChartRendersIsTakenByKubernetesAndLoads(Values values) throws Exception {
    var manifests = rendered(values.yaml());

    assertThat(manifests).hasSizeGreaterThan(4);
    assertThat(problems(manifests)).isEmpty();
    var configuration = configuration(manifests);
    var strategies = StrategyRegistry.local(BuiltinStrategies.create());
    assertThatNoException()
        .as(configuration)
        .isThrownBy(() ->
            LoadedConfiguration.read(
                configuration, new Surroundings(any -> strategies, Optional::of, Map.of())));
  }

  private static String configuration(List<Manifest> manifests) {
    return Manifest.only(manifests, "ConfigMap", "signalbox")
        .json()
        .getJsonObject("data")
        .getString("signalbox.yaml");
  }

  @Test
  void theChartIsLinted() throws Exception {
    assertThat(helm("lint", "--strict", CHART).orFail()).contains("0 chart(s) failed");
  }

  /** A typing error in a value, and one in a manifest, do not pass. */
  @Test
  void whatIsWrongIsFound() throws Exception {
    var refused = template("replica: 3");
    assertThat(refused.succeeded()).isFalse();
    assertThat(refused.text()).contains("additional properties 'replica' not allowed");

    var broken = template("").orFail().replace("livenessProbe:", "livelinessProbe:");
    assertThat(problems(Manifest.all(broken)))
        .hasSize(schemas.size())
        .allMatch(
            problem -> problem.startsWith("Deployment signalbox: /spec/template/spec/containers/0"))
        .allMatch(problem -> problem.contains("livelinessProbe"));
  }

  private JsonObject pod(String values) throws Exception {
    return Manifest.only(rendered(values), "Deployment", "signalbox")
        .spec()
        .getJsonObject("template");
  }

  private static JsonObject container(JsonObject pod) {
    return pod.getJsonObject("spec").getJsonArray("containers").getJsonObject(0);
  }

  @Test
  void podsMayDoNothingThatTheyNeedNot() throws Exception {
    var pod = pod("");
    var all = pod.getJsonObject("spec").getJsonObject("securityContext");
    assertThat(all.getBoolean("runAsNonRoot")).isTrue();
    assertThat(all.getJsonObject("seccompProfile").getString("type")).isEqualTo("RuntimeDefault");
    var one = container(pod).getJsonObject("securityContext");
    assertThat(one.getBoolean("readOnlyRootFilesystem")).isTrue();
    assertThat(one.getBoolean("allowPrivilegeEscalation")).isFalse();
    assertThat(one.getJsonObject("capabilities").getJsonArray("drop"))
        .isEqualTo(new JsonArray().add("ALL"));
  }

  @Test
  void aRollOutLosesNoRequest() throws Exception {
    var manifests = rendered("{preStopSeconds: 7, drainSeconds: 90}");
    var deployment = Manifest.only(manifests, "Deployment", "signalbox").spec();
    assertThat(deployment.getInteger("replicas")).isGreaterThan(1);
    assertThat(deployment.getJsonObject("strategy").getJsonObject("rollingUpdate"))
        .isEqualTo(new JsonObject().put("maxSurge", 1).put("maxUnavailable", 0));
    var pod = deployment.getJsonObject("template");
    assertThat(container(pod).getJsonObject("lifecycle").getJsonObject("preStop").encode())
        .isEqualTo("{\"sleep\":{\"seconds\":7}}");
    assertThat(configuration(manifests))
        .contains("gateway:\n  drain: 90s\n", "ext-proc:\n  drain: 90s\n");
    assertThat(pod.getJsonObject("spec").getInteger("terminationGracePeriodSeconds"))
        .isGreaterThan(7 + 90);
  }

  /** Where files in {@code conf/kubernetes} and pages say that gateways find it. */
  @Test
  void theDoorBehindEnvoyIsAtItsPortAndSpeaksHttp2() throws Exception {
    var ports = Manifest.only(rendered(""), "Service", "signalbox").spec().getJsonArray("ports");
    assertThat(ports.stream().map(JsonObject.class::cast))
        .contains(
            new JsonObject()
                .put("name", "ext-proc")
                .put("port", ExtProcConfig.DEFAULT.listen().port())
                .put("targetPort", "ext-proc")
                .put("appProtocol", "kubernetes.io/h2c"));
  }

  /** Each finds the others by the headless service, and tells them its own address. */
  @Test
  void replicasAreOneCluster() throws Exception {
    var manifests = rendered("");
    var peers = Manifest.only(manifests, "Service", "signalbox-peers").spec();
    assertThat(peers.getString("clusterIP")).isEqualTo("None");
    assertThat(peers.getBoolean("publishNotReadyAddresses")).isTrue();
    assertThat(configuration(manifests)).contains("members:\n  - signalbox-peers\n");
    assertThat(container(pod("")).getJsonArray("env").encode())
        .contains(
            "{\"name\":\"SIGNALBOX_CLUSTER_HOST\",\"valueFrom\":{\"fieldRef\":{\"fieldPath\":\"status.podIP\"}}}");
  }

  /** Pods follow the rest of the file while they run. */
  @Test
  void onlyWhatNeedsARestartRollsPods() throws Exception {
    var before = restartFor("");
    assertThat(restartFor("config: {routing: {default: random}}")).isEqualTo(before);
    assertThat(restartFor("plugins: {a.mjs: text}")).isEqualTo(before);
    for (var change :
        List.of(
            "gateway: {port: 8081}",
            "cluster: {port: 5702}",
            "kafka: {enabled: true}",
            "limits: {redis: {server: redis}}",
            "plugins: {enabled: false}")) {
      assertThat(restartFor("config: {%s}".formatted(change))).as(change).isNotEqualTo(before);
    }
  }

  private String restartFor(String values) throws Exception {
    return pod(values).getJsonObject("metadata").getJsonObject("annotations").encode();
  }

  /** The rule that the page gives an adapter makes the metric that the autoscaler asks for. */
  @Test
  void theAutoscalerAsksForAMeterOfOurs() throws Exception {
    var scaler =
        Manifest.only(
            rendered("autoscaling: {enabled: true}"), "HorizontalPodAutoscaler", "signalbox");
    var rule = PAGE.blocks("yaml").stream().filter(block -> block.startsWith("rules:")).findFirst();
    assertThat(rule.orElseThrow())
        .contains(
            scaler
                .spec()
                .getJsonArray("metrics")
                .getJsonObject(0)
                .getJsonObject("pods")
                .getJsonObject("metric")
                .getString("name"));
    var meters = Markdown.page("docs/operations.md").section("Metrics").rows();
    assertThat(meters).anyMatch(row -> rule.get().contains("'" + row.getFirst() + "{"));
  }

  // Kustomize

  @Test
  void theBaseIsWhatTheChartRenders() throws Exception {
    assertThat(BASE.resolve("signalbox.yaml"))
        .as(
            "made anew with: helm template signalbox conf/helm/signalbox > conf/kustomize/base/signalbox.yaml")
        .hasContent(helm("template", "signalbox", CHART).orFail());
    assertThat(Manifest.all(kubectl("kustomize", BASE.toString()).orFail()))
        .extracting(Manifest::toString)
        .containsExactlyInAnyOrderElementsOf(
            rendered("").stream().map(Manifest::toString).toList());
  }

  /** The overlay of the page, beside the base. */
  @Test
  void anOverlayChangesTheBase() throws Exception {
    var overlay = Files.createDirectories(folder.resolve("conf/kustomize/mine"));
    var base = Files.createDirectories(folder.resolve("conf/kustomize/base"));
    try (var files = Files.list(BASE)) {
      for (var file : files.toList()) {
        Files.copy(file, base.resolve(file.getFileName()));
      }
    }
    var text =
        PAGE.blocks("yaml").stream()
            .filter(block -> block.contains("kind: Kustomization"))
            .toList();
    assertThat(text).hasSize(1);
    Files.writeString(overlay.resolve("kustomization.yaml"), text.getFirst());

    var manifests = Manifest.all(kubectl("kustomize", overlay.toString()).orFail());

    assertThat(problems(manifests)).isEmpty();
    assertThat(
            manifests.stream()
                .map(one -> one.json().getJsonObject("metadata").getString("namespace")))
        .containsOnly("inference");
    assertThat(configuration(manifests)).contains("default: prefix-cache, least-request");
  }

  // Files to apply

  @Test
  void whatElseIsAppliedIsTakenByKubernetes() throws Exception {
    var manifests = new ArrayList<Manifest>();
    try (var files = Files.list(CONF.resolve("kubernetes"))) {
      for (var file : files.sorted().toList()) {
        manifests.addAll(Manifest.all(Files.readString(file)));
      }
    }
    for (var block : PAGE.blocks("yaml")) {
      if (isApplied(block)
          && !block.contains("kind: Kustomization")
          && !block.startsWith("rules:")) {
        manifests.addAll(Manifest.all(block));
      }
    }

    assertThat(manifests).hasSizeGreaterThan(6);
    assertThat(problems(manifests)).isEmpty();
  }

  /** With all of discovery, the chart's rights are those of the manifest; with less, less. */
  @Test
  void theChartGrantsWhatDiscoveryAsksFor() throws Exception {
    var all = new HashSet<String>();
    for (var group : List.of("llm-d.ai", "inference.networking.x-k8s.io")) {
      all.addAll(
          rights(
              rendered(
                  """
                  config:
                    discovery:
                      kubernetes:
                        inference-pools: [a]
                        endpoint-slices: [{service: a, model: m}]
                        objectives: %s
                        model-adapters: true
                  """
                      .formatted(group))));
    }

    assertThat(all)
        .isEqualTo(rights(Manifest.all(Files.readString(CONF.resolve("kubernetes/rbac.yaml")))));
    assertThat(rights(rendered(""))).containsExactly(":pods [get, list, watch]");
    assertThat(rights(rendered("config: {discovery: null}"))).isEmpty();
  }

  /** What roles allow: group, resource and verbs. */
  private static Set<String> rights(List<Manifest> manifests) {
    return manifests.stream()
        .filter(manifest -> manifest.kind().equals("Role"))
        .flatMap(role -> role.json().getJsonArray("rules").stream())
        .map(JsonObject.class::cast)
        .flatMap(DeploymentIT::rights)
        .collect(Collectors.toSet());
  }

  private static Stream<String> rights(JsonObject rule) {
    return rule.getJsonArray("apiGroups").stream()
        .flatMap(group ->
            rule.getJsonArray("resources").stream()
                .map(resource ->
                    group
                        + ":"
                        + resource
                        + " "
                        + rule.getJsonArray("verbs").stream().sorted().toList()));
  }
}
