package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.ExtProcConfig;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The manifests say of us what is so. */
class KubernetesManifestsTest {
  private static final int PORT = ExtProcConfig.DEFAULT.listen().port();

  private static List<JsonObject> documents(String name) throws IOException {
    var text = Files.readString(Markdown.ROOT.resolve("conf/kubernetes").resolve(name));
    var documents = new ArrayList<JsonObject>();
    for (var document : new Load(LoadSettings.builder().build()).loadAllFromString(text)) {
      @SuppressWarnings("unchecked")
      var mapping = (Map<String, Object>) document;
      documents.add(new JsonObject(mapping));
    }
    return documents;
  }

  private static JsonObject spec(String file, String kind) throws IOException {
    return documents(file).stream()
        .filter(document -> document.getString("kind").equals(kind))
        .findFirst()
        .orElseThrow()
        .getJsonObject("spec");
  }

  @Test
  void envoyGatewayCollectsBodiesAndSendsRequestsWhereTheHeaderSays() throws IOException {
    var file = "extension-policy.yaml";
    var extProc = spec(file, "EnvoyExtensionPolicy").getJsonArray("extProc").getJsonObject(0);
    var modes = extProc.getJsonObject("processingMode");
    assertThat(modes.getJsonObject("request").getString("body")).isEqualTo("Buffered");
    assertThat(modes.getJsonObject("response")).isNotNull();
    assertThat(extProc.getBoolean("failOpen")).isFalse();
    var backend = extProc.getJsonArray("backendRefs").getJsonObject(0);
    assertThat(backend).isEqualTo(new JsonObject().put("name", "signalbox").put("port", PORT));

    var header =
        spec(file, "BackendTrafficPolicy")
            .getJsonObject("loadBalancer")
            .getJsonObject("endpointOverride")
            .getJsonArray("extractFrom")
            .getJsonObject(0)
            .getString("header");
    assertThat(header).isEqualTo("x-gateway-destination-endpoint");
    var client = spec(file, "ClientTrafficPolicy");
    assertThat(
            client
                .getJsonObject("headers")
                .getJsonObject("earlyRequestHeaders")
                .getJsonArray("remove"))
        .contains("target-pod", header);
    assertThat(client.getJsonObject("connection").getString("bufferLimit")).isEqualTo("64Mi");
  }

  @Test
  void aPoolAsksSignalbox() throws IOException {
    var pool = spec("inference-pool.yaml", "InferencePool");
    var picker = pool.getJsonObject("endpointPickerRef");
    assertThat(picker.getString("name")).isEqualTo("signalbox");
    assertThat(picker.getJsonObject("port").getInteger("number")).isEqualTo(PORT);
    assertThat(pool.getJsonArray("targetPorts").getJsonObject(0).getInteger("number"))
        .isEqualTo(EndpointAddress.DEFAULT_PORT);
  }

  /** Who may read what the configuration of each kind watches, and no more. */
  @Test
  void discoveryMayReadAndNothingElse() throws IOException {
    var documents = documents("rbac.yaml");
    assertThat(documents)
        .extracting(document -> document.getString("kind"))
        .containsExactly("ServiceAccount", "Role", "RoleBinding");
    var rules = documents.get(1).getJsonArray("rules");
    var resources = new ArrayList<String>();
    for (int i = 0; i < rules.size(); i++) {
      var rule = rules.getJsonObject(i);
      assertThat(rule.getJsonArray("verbs")).isEqualTo(JsonArray.of("get", "list", "watch"));
      rule.getJsonArray("resources").forEach(resource -> resources.add(String.valueOf(resource)));
    }
    assertThat(resources)
        .containsExactly(
            "pods", "endpointslices", "inferencepools", "inferenceobjectives", "modeladapters");
  }

  @Test
  void bothReachTheSameService() throws IOException {
    for (var file : List.of("extension-policy.yaml", "inference-pool.yaml")) {
      var port = spec(file, "Service").getJsonArray("ports").getJsonObject(0);
      assertThat(port.getInteger("port")).isEqualTo(PORT);
      assertThat(port.getString("appProtocol")).isEqualTo("kubernetes.io/h2c");
    }
  }
}
