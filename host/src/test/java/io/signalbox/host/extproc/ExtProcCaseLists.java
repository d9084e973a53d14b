package io.signalbox.host.extproc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * What the cases are read by: names of plugins, and which cases are not answered as elsewhere.
 *
 * @param scorers our names, by those of an endpoint picker
 * @param leftOut plugins that need no counterpart
 * @param notApplicable reasons, by the name of the case
 * @param differs reasons, by the name of the case
 */
record ExtProcCaseLists(
    Map<String, String> scorers,
    List<String> leftOut,
    Map<String, String> notApplicable,
    Map<String, String> differs) {
  static ExtProcCaseLists read() {
    var names = yaml("/cases/extproc-names.yaml");
    var differences = yaml("/cases/extproc-differences.yaml");
    return new ExtProcCaseLists(
        texts(names, "scorers"),
        ((List<?>) Objects.requireNonNull(names.get("left-out")))
            .stream().map(String.class::cast).toList(),
        texts(differences, "not-applicable"),
        texts(differences, "differs"));
  }

  private static Map<?, ?> yaml(String name) {
    try (var file = ExtProcCaseLists.class.getResourceAsStream(name)) {
      return (Map<?, ?>)
          new Load(LoadSettings.builder().build())
              .loadFromInputStream(Objects.requireNonNull(file, name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, String> texts(Map<?, ?> root, String name) {
    var texts = new LinkedHashMap<String, String>();
    ((Map<?, ?>) Objects.requireNonNull(root.get(name), name))
        .forEach((key, value) -> texts.put(key.toString(), value.toString().strip()));
    return texts;
  }

  /**
   * The chain that an endpoint picker's configuration stands for; empty where part of it has no
   * counterpart.
   */
  String chain(String config) {
    var root = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(config);
    var terms = new ArrayList<String>();
    for (var profile : (List<?>) Objects.requireNonNull(root.get("schedulingProfiles"))) {
      for (var plugin : (List<?>) Objects.requireNonNull(((Map<?, ?>) profile).get("plugins"))) {
        var reference = (Map<?, ?>) plugin;
        var name = String.valueOf(reference.get("pluginRef"));
        if (scorers.containsKey(name)) {
          var weight = reference.get("weight");
          terms.add(scorers.get(name) + (weight == null ? "" : ":" + weight));
        } else if (!leftOut.contains(name)) {
          return "";
        }
      }
    }
    return terms.isEmpty() ? "random" : String.join(" + ", terms);
  }
}
