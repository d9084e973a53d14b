package io.signalbox.host;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** An object of Kubernetes' API as a file writes it. */
record Manifest(JsonObject json) {
  /** All of a text in YAML. */
  static List<Manifest> all(String yaml) {
    var manifests = new ArrayList<Manifest>();
    for (var document : new Load(LoadSettings.builder().build()).loadAllFromString(yaml)) {
      if (document != null) {
        @SuppressWarnings("unchecked")
        var mapping = (Map<String, Object>) document;
        manifests.add(new Manifest(new JsonObject(mapping)));
      }
    }
    return manifests;
  }

  /** The only one of a kind; of a name, where several are. */
  static Manifest only(List<Manifest> manifests, String kind, String name) {
    var found =
        manifests.stream()
            .filter(manifest -> manifest.kind().equals(kind) && manifest.name().equals(name))
            .toList();
    if (found.size() != 1) {
      throw new AssertionError(found.size() + " of " + kind + " " + name + " in " + manifests);
    }
    return found.getFirst();
  }

  String kind() {
    return json.getString("kind", "");
  }

  String name() {
    var metadata = json.getJsonObject("metadata");
    return metadata == null ? "" : metadata.getString("name", "");
  }

  JsonObject spec() {
    return json.getJsonObject("spec");
  }

  /** The file of its schema: kind, first part of the group, version; the core has no group. */
  String schema() {
    var version = json.getString("apiVersion", "").split("/", 2);
    var group = version.length == 1 ? "" : version[0].split("\\.", 2)[0] + "-";
    return kind().toLowerCase(Locale.ROOT) + "-" + group + version[version.length - 1];
  }

  @Override
  public String toString() {
    return kind() + " " + name();
  }
}
