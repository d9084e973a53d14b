package io.signalbox.host.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WatchedFieldsTest {
  private static final String RANKS = "{\"name\":\"data-parallel-size\",\"value\":\"4\"}";

  private static String pod(String metadata, String container, String spec, String status) {
    return """
    {"type":"MODIFIED","object":{"kind":"Pod","apiVersion":"v1","metadata":{"name":"p","namespace":"n",\
    "resourceVersion":"7","labels":{"env":"prod","volumes":"x","managedFields":"y"},\
    "annotations":{"status":"{\\"a\\": [1, 2]}"}%s},"spec":{"nodeName":"x","containers":[{"name":"c"%s}]%s},\
    "status":{"podIP":"10.0.0.1","conditions":[{"type":"Ready","status":"True"}]%s}}}\
    """
        .formatted(metadata, container, spec, status);
  }

  @Test
  void ofPodsTheLargestFieldsAreLeftOut() {
    var whole =
        pod(
            ",\"managedFields\":[{\"manager\":\"kubelet\",\"fieldsV1\":{\"f:status\":{}}}]",
            ",\"env\":[{\"name\":\"A\",\"value\":\"b\"}],\"resources\":{\"limits\":{\"cpu\":\"1\"}}",
            ",\"volumes\":[{\"name\":\"v\",\"emptyDir\":{}}],\"tolerations\":[]",
            ",\"containerStatuses\":[{\"name\":\"c\",\"ready\":true}]");

    assertThat(WatchedFields.needed(whole)).isEqualTo(pod("", "", "", ""));
  }

  @Test
  void variablesAreKeptWhereTheOneThatIsReadIsAmongThem() {
    var ranks = pod("", ",\"env\":[{\"name\":\"A\",\"value\":\"b\"}," + RANKS + "]", "", "");

    assertThat(WatchedFields.needed(ranks)).isEqualTo(ranks);
  }

  /** What else is watched, and what a server says beside objects. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"ADDED\",\"object\":{\"apiVersion\":\"inference.networking.k8s.io/v1\","
            + "\"kind\":\"InferencePool\",\"metadata\":{\"name\":\"p\"},\"spec\":{\"selector\":"
            + "{\"matchLabels\":{\"env\":\"prod\"}},\"targetPorts\":[{\"number\":8000}]}}}",
        "{\"type\":\"ADDED\",\"object\":{\"kind\":\"EndpointSlice\",\"endpoints\":[{\"addresses\":"
            + "[\"10.0.0.1\"],\"conditions\":{}}],\"ports\":[]}}",
        "{\"type\":\"BOOKMARK\",\"object\":{\"kind\":\"Pod\",\"metadata\":{\"resourceVersion\":\"9\"}}}",
        "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"status\":\"Failure\",\"code\":410,"
            + "\"reason\":\"Expired\",\"details\":null}}",
        "{\"type\":\"ADDED\",\"object\":{\"kind\":\"Pod\",\"metadata\":{},\"spec\":{},\"status\":{}}}",
        "\"no event\"",
        "{}"
      })
  void allElseStaysAsItIs(String event) {
    assertThat(WatchedFields.needed(event)).isEqualTo(event);
  }

  /** Whatever comes first. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"%s\",\"object\":{\"kind\":\"Pod\",\"apiVersion\":\"v1\",%s}}",
        "{\"type\":\"%s\",\"object\":{\"apiVersion\":\"v1\",\"kind\":\"Pod\",%s}}",
        "{\"type\": \"%s\", \"object\": {\"kind\": \"Pod\", \"apiVersion\": \"v1\", %s}}",
        "{\"object\":{\"kind\":\"Pod\",%2$s,\"apiVersion\":\"v1\"},\"type\":\"%1$s\"}",
        "{\"type\":\"%s\",\"object\":{\"kind\":\"EndpointSlice\",\"apiVersion\":\"discovery.k8s.io/v1\",%s}}",
        "{\"type\":\"%s\",\"object\":{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"code\":410}}"
      })
  void eventsAreDecodedAsTheClientDoes(String form) {
    for (var type : List.of("ADDED", "MODIFIED", "DELETED", "BOOKMARK", "ERROR")) {
      var event =
          form.formatted(
              type,
              """
              "metadata":{"name":"p","namespace":"n","resourceVersion":"7","labels":{"env":"prod"},\
              "creationTimestamp":"2026-01-01T00:00:00Z"},"spec":{"containers":[{"name":"c","env":[%s]}]},\
              "status":{"podIP":"10.0.0.1","conditions":[{"type":"Ready","status":"True"}]}\
              """
                  .formatted(RANKS));

      var decoded = new WatchedFields().unmarshal(event, WatchEvent.class);

      assertThat(decoded)
          .isEqualTo(new KubernetesSerialization().unmarshal(event, WatchEvent.class));
      assertThat(decoded.getType()).isEqualTo(type);
    }
  }
}
