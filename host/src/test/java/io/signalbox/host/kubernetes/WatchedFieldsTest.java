package io.signalbox.host.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.signalbox.host.config.KubernetesConfig.Served;
import io.signalbox.host.kubernetes.PodReader.Ports;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Beside what the client decodes itself. */
class WatchedFieldsTest {
  private static final PodReader READER =
      new PodReader(
          new Served(Optional.empty(), "auto"), new Ports.Labelled(8000), Set.of("vllm", "sglang"));

  private static WatchEvent watched(String event) {
    return new WatchedFields().unmarshal(event, WatchEvent.class);
  }

  private static WatchEvent whole(String event) {
    return new KubernetesSerialization().unmarshal(event, WatchEvent.class);
  }

  private static String pod(String metadata, String container, String spec, String status) {
    return """
    {"type":"MODIFIED","object":{"kind":"Pod","apiVersion":"v1","metadata":{"name":"p","namespace":"n",\
    "uid":"u","resourceVersion":"7","creationTimestamp":"2026-01-01T00:00:00Z",\
    "labels":{"model.aibrix.ai/name":"m","env":"prod","spec":"x"},\
    "annotations":{"status":"{\\"kind\\": [1, 2]}"}%s},"spec":{"nodeName":"x","containers":[{"name":"c"%s}]%s},\
    "status":{"podIP":"10.0.0.1","conditions":[{"type":"Initialized","status":"False"},\
    {"type":"Ready","status":"True"}]%s}}}\
    """
        .formatted(metadata, container, spec, status);
  }

  @Test
  void ofPodsWhatNobodyLooksAtIsLeftOut() {
    var large =
        pod(
            ",\"managedFields\":[{\"manager\":\"kubelet\",\"fieldsV1\":{\"f:status\":{}}}]",
            ",\"env\":[{\"name\":\"A\",\"value\":\"b\"},{\"name\":\"B\",\"valueFrom\":{\"fieldRef\":{}}}],"
                + "\"resources\":{\"limits\":{\"cpu\":\"1\"}}",
            ",\"volumes\":[{\"name\":\"v\",\"emptyDir\":{}}],\"tolerations\":[]",
            ",\"containerStatuses\":[{\"name\":\"c\",\"ready\":true}],\"podIPs\":null");

    assertThat(watched(large)).isEqualTo(watched(pod("", "", "", "")));
  }

  /** Whatever the pod says, and where it says nothing. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",\"env\":[{\"name\":\"A\",\"value\":\"b\"},{\"name\":\"data-parallel-size\",\"value\":\"4\"}]",
        ",\"env\":[{\"value\":\"2\",\"name\":\"data-parallel-size\"}]",
        ",\"env\":[{\"name\":\"data-parallel-size\",\"valueFrom\":{\"fieldRef\":{\"fieldPath\":\"x\"}}}]",
        ",\"env\":null",
        ",\"env\":[]"
      })
  void podsSayTheSame(String container) {
    for (var more :
        List.of("", ",\"deletionTimestamp\":\"2026-01-01T00:00:00Z\"", ",\"generateName\":\"p\"")) {
      var event = pod(more, container, "", "");
      var pod = (Pod) watched(event).getObject();
      var whole = (Pod) whole(event).getObject();

      assertThat(READER.read(pod)).isEqualTo(READER.read(whole));
      assertThat(pod.getMetadata()).isEqualTo(withoutGenerated(whole).getMetadata());
      assertThat(pod.getStatus().getPodIP()).isEqualTo(whole.getStatus().getPodIP());
      assertThat(watched(event).getType()).isEqualTo("MODIFIED");
    }
  }

  private static Pod withoutGenerated(Pod pod) {
    return pod.edit().editMetadata().withGenerateName(null).endMetadata().build();
  }

  /** What else is watched, what a server says beside objects, and pods that begin otherwise. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"ADDED\",\"object\":{\"kind\":\"EndpointSlice\",\"apiVersion\":\"discovery.k8s.io/v1\","
            + "\"endpoints\":[{\"addresses\":[\"10.0.0.1\"],\"targetRef\":{\"kind\":\"Pod\"}}]}}",
        "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\","
            + "\"code\":410,\"reason\":\"Expired\"}}",
        "{\"type\":\"BOOKMARK\",\"object\":{\"kind\":\"Pod\",\"apiVersion\":\"v1\","
            + "\"metadata\":{\"resourceVersion\":\"9\"}}}",
        "{\"type\":\"ADDED\",\"object\":{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"p\"}}}",
        "{\"type\": \"ADDED\", \"object\": {\"kind\": \"Pod\", \"apiVersion\": \"v1\", \"metadata\": {}}}",
        "{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"name\":\"p\"},\"kind\":\"Pod\",\"apiVersion\":\"v1\","
            + "\"spec\":{\"nodeName\":\"x\"}}}",
        "{\"object\":{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"p\"}},\"type\":\"ADDED\"}",
        "{\"type\":\"ADDED\",\"object\":{\"kind\":\"Pod\",\"apiVersion\":\"v1\"},\"more\":{\"a\":[1]}}"
      })
  void allElseIsDecodedAsTheClientDoes(String event) {
    assertThat(watched(event)).isEqualTo(whole(event));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"no event\"",
        "{\"type\":\"ADDED\",\"object\":{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"p\"}",
        "{\"type\":\"ADDED\",\"object\":{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":p}}}"
      })
  void whatIsNoEventIsRefused(String event) {
    assertThatThrownBy(() -> whole(event)).isInstanceOf(RuntimeException.class);
    assertThatThrownBy(() -> watched(event)).isInstanceOf(RuntimeException.class);
  }
}
