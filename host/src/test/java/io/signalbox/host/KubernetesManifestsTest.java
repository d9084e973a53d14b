package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.ExtProcConfig;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The manifests say of us what is so. */
class KubernetesManifestsTest {
  private static final int PORT = ExtProcConfig.DEFAULT.listen().port();

  private static List<Manifest> manifests(String file) throws IOException {
    return Manifest.all(Files.readString(Markdown.ROOT.resolve("conf/kubernetes").resolve(file)));
  }

  private static JsonObject spec(String file, String kind) throws IOException {
    return manifests(file).stream()
        .filter(manifest -> manifest.kind().equals(kind))
        .findFirst()
        .orElseThrow()
        .spec();
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
    var manifests = manifests("rbac.yaml");
    assertThat(manifests)
        .extracting(Manifest::kind)
        .containsExactly("ServiceAccount", "Role", "RoleBinding");
    var rules = manifests.get(1).json().getJsonArray("rules");
    var resources = new ArrayList<String>();
    for (int i = 0; i < rules.size(); i++) {
      var rule = rules.getJsonObject(i);
      assertThat(rule.getJsonArray("verbs")).containsExactly("get", "list", "watch");
      rule.getJsonArray("resources").forEach(resource -> resources.add(String.valueOf(resource)));
    }
    assertThat(resources)
        .containsExactly(
            "pods", "endpointslices", "inferencepools", "inferenceobjectives", "modeladapters");
  }
}
