package io.signalbox.host.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.KubernetesConfig.Served;
import io.signalbox.host.kubernetes.PodReader.Ports;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What pods say, by the labels and annotations of several projects. */
class PodReaderTest {
  private static final Served NOTHING = new Served(Optional.empty(), "auto");
  private static final PodReader READER =
      new PodReader(NOTHING, new Ports.Labelled(8000), Set.of("vllm", "sglang"));

  /** A pod that is ready, with the labels of its name and its place. */
  private static PodBuilder pod(Map<String, String> labels, Map<String, String> annotations) {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace("ns")
        .withName("p")
        .withLabels(labels)
        .withAnnotations(annotations)
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("engine")
        .endContainer()
        .endSpec()
        .withNewStatus()
        .withPodIP("10.0.0.1")
        .addNewCondition()
        .withType("Ready")
        .withStatus("True")
        .endCondition()
        .endStatus();
  }

  private static Map<String, String> model(String... more) {
    var labels = new TreeMap<>(Map.of("model.aibrix.ai/name", "llama"));
    for (int i = 0; i < more.length; i += 2) {
      labels.put(more[i], more[i + 1]);
    }
    return labels;
  }

  private static List<EndpointAddress> endpoints(Reading<Serving> reading) {
    return reading.said().map(Serving::endpoints).orElse(List.of());
  }

  record Away(String name, Pod pod) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Away away(String name, UnaryOperator<PodBuilder> change, String... labels) {
    return new Away(name, change.apply(pod(model(labels), Map.of())).build());
  }

  static List<Away> away() {
    return List.of(
        away("has no conditions yet", pod -> pod.withNewStatus().endStatus()),
        away("has no status yet", pod -> pod.withStatus(null)),
        away(
            "is not ready",
            pod ->
                pod.editStatus()
                    .editFirstCondition()
                    .withStatus("False")
                    .endCondition()
                    .endStatus()),
        away(
            "is about to end",
            pod -> pod.editMetadata().withDeletionTimestamp("2026-01-01T00:00:00Z").endMetadata()),
        away("sleeps (production-stack)", pod -> pod, "sleeping", "true"),
        away("is a Ray worker", pod -> pod, "ray.io/node-type", "worker"),
        away(
            "is a part of an engine over several pods",
            pod -> pod,
            "stormservice.orchestration.aibrix.ai/pod-group-index",
            "1"));
  }

  @ParameterizedTest
  @MethodSource("away")
  void podsThatTakeNoRequestsSayNothing(Away row) {
    assertThat(READER.read(row.pod())).isEqualTo(Reading.nothing());
  }

  record Row(
      String name, Map<String, String> labels, Map<String, String> annotations, Expected expected) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** What an endpoint is, and the labels it has beside those that say which pod it is. */
  record Expected(String model, String engine, int port, Map<String, String> labels) {}

  static List<Row> rows() {
    return List.of(
        new Row(
            "nothing but the model",
            model(),
            Map.of(),
            new Expected("llama", "auto", 8000, model())),
        new Row(
            "a model whose name cannot be a label",
            Map.of(),
            Map.of("model.aibrix.ai/name", "meta/llama"),
            new Expected("meta/llama", "auto", 8000, Map.of())),
        new Row(
            "ports and engine",
            model(
                "model.aibrix.ai/port", "9000",
                "model.aibrix.ai/metric-port", "9001",
                "model.aibrix.ai/engine", "sglang"),
            Map.of(),
            new Expected(
                "llama",
                "sglang",
                9000,
                model(
                    "model.aibrix.ai/port", "9000",
                    "model.aibrix.ai/metric-port", "9001",
                    "model.aibrix.ai/engine", "sglang",
                    "metrics-port", "9001"))),
        new Row(
            "roles of AIBrix",
            model("role-name", "prefill", "roleset-name", "a"),
            Map.of("model.aibrix.ai/sglang-bootstrap-port", "8999"),
            new Expected(
                "llama",
                "auto",
                8000,
                model("role-name", "prefill", "roleset-name", "a", "bootstrap-port", "8999"))),
        new Row(
            "a role of llm-d",
            model("llm-d.ai/role", "decode"),
            Map.of(),
            new Expected(
                "llama",
                "auto",
                8000,
                model("llm-d.ai/role", "decode", "role-name", "decode", "roleset-name", "ns"))),
        new Row(
            "both roles of llm-d",
            model("llm-d.ai/role", "prefill-decode"),
            Map.of(),
            new Expected(
                "llama",
                "auto",
                8000,
                model("llm-d.ai/role", "prefill-decode", "combined", "true"))),
        new Row(
            "lengths of prompts",
            model(),
            Map.of(
                "model.aibrix.ai/config",
                """
                {"profiles": {"default": {"routingStrategy": "pd", "routingConfig":
                  {"promptLenBucketMinLength": 10, "promptLenBucketMaxLength": 20}}}}
                """),
            new Expected(
                "llama",
                "auto",
                8000,
                model("promptLenBucketMinLength", "10", "promptLenBucketMaxLength", "20"))));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void labelsAndAnnotationsAreRead(Row row) {
    var reading = READER.read(pod(row.labels(), row.annotations()).build());

    assertThat(reading.problems()).isEmpty();
    var serving = reading.said().orElseThrow();
    var labels = new TreeMap<>(row.expected().labels());
    labels.putAll(Map.of("namespace", "ns", "pod", "p"));
    int port = row.expected().port();
    assertThat(serving.model()).isEqualTo(row.expected().model());
    assertThat(serving.engine()).isEqualTo(row.expected().engine());
    assertThat(serving.endpoints())
        .containsExactly(new EndpointAddress("ns/p:" + port, "10.0.0.1", port, labels));
  }

  record Problem(
      String name,
      Map<String, String> labels,
      Map<String, String> annotations,
      int endpoints,
      String problem) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Problem> problems() {
    return List.of(
        new Problem(
            "no model",
            Map.of("app", "x"),
            Map.of(),
            0,
            "must name its model with label or annotation model.aibrix.ai/name"),
        new Problem(
            "a port that is none",
            model("model.aibrix.ai/port", "70000"),
            Map.of(),
            0,
            "model.aibrix.ai/port: must be a number from 1 to 65535, not \"70000\""),
        new Problem(
            "a metrics port that is none",
            model("model.aibrix.ai/metric-port", "0"),
            Map.of(),
            1,
            "model.aibrix.ai/metric-port: must be a number from 1 to 65535, not \"0\""),
        new Problem(
            "an engine that nobody knows",
            model("model.aibrix.ai/engine", "xdit"),
            Map.of(),
            1,
            "label model.aibrix.ai/engine: must be one of [sglang, vllm], not \"xdit\""),
        new Problem(
            "a label that is one of ours, and means something else",
            model("metrics-port", "http"),
            Map.of(),
            1,
            "label metrics-port: must be a port from 0 to 65535, not \"http\""),
        new Problem(
            "a strategy that is no text",
            model(),
            Map.of("model.aibrix.ai/config", "{\"profiles\": {\"a\": {\"routingStrategy\": 1}}}"),
            1,
            "annotation model.aibrix.ai/config: line 1: profiles.a.routingStrategy: must be a text,"
                + " not \"1\""),
        new Problem(
            "what would be left undone",
            model(),
            Map.of("model.aibrix.ai/config", "{\"profiles\": {\"a\": {\"requestsInflight\": 1}}}"),
            1,
            "annotation model.aibrix.ai/config: line 1: profiles.a.requestsInflight: is unknown"
                + " (known here: requestsPerSecond, routingConfig, routingStrategy)"));
  }

  @ParameterizedTest
  @MethodSource("problems")
  void whatCannotBeReadIsToldAndLeftOut(Problem row) {
    var reading = READER.read(pod(row.labels(), row.annotations()).build());

    assertThat(reading.problems()).containsExactly(row.problem());
    assertThat(endpoints(reading)).hasSize(row.endpoints());
  }

  @Test
  void eachRankIsAnEndpoint() {
    var pod =
        pod(model("model.aibrix.ai/port", "9000"), Map.of())
            .editSpec()
            .editFirstContainer()
            .addNewEnv()
            .withName("data-parallel-size")
            .withValue("2")
            .endEnv()
            .endContainer()
            .endSpec();

    var apart = endpoints(READER.read(pod.build()));
    assertThat(apart).extracting(EndpointAddress::port).containsExactly(9000, 9001);
    assertThat(apart.get(1).labels()).containsEntry("data-parallel-rank", "1");
    assertThat(apart.get(1).labels()).doesNotContainKey("rank");

    var shared =
        endpoints(
            READER.read(
                pod.editMetadata()
                    .addToLabels("model.aibrix.ai/metric-port", "9100")
                    .endMetadata()
                    .build()));
    assertThat(shared.get(1).labels())
        .containsEntry("metrics-port", "9100")
        .containsEntry("rank", "1");
  }

  @Test
  void whatTheConfigurationSaysStandsForWhatPodsDoNotSay() {
    var reader =
        new PodReader(
            new Served(Optional.of("meta/llama"), "vllm"),
            new Ports.Fixed(List.of(1, 2)),
            Set.of());
    var serving = reader.read(pod(Map.of(), Map.of()).build()).said().orElseThrow();

    assertThat(serving.model()).isEqualTo("meta/llama");
    assertThat(serving.engine()).isEqualTo("vllm");
    assertThat(serving.endpoints()).extracting(EndpointAddress::port).containsExactly(1, 2);
  }

  @Test
  void onlySoManyLabelsAreKept() {
    var labels = model();
    IntStream.range(0, 40).forEach(i -> labels.put("z" + i, "v"));
    var reading = READER.read(pod(labels, Map.of()).build());

    assertThat(reading.problems())
        .containsExactly("has more than 32 labels: the last are left out");
    assertThat(endpoints(reading).getFirst().labels())
        .hasSize(32)
        .containsKeys("pod", "namespace", "model.aibrix.ai/name");
  }
}
