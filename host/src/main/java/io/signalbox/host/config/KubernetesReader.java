package io.signalbox.host.config;

import io.signalbox.host.config.KubernetesConfig.Pods;
import io.signalbox.host.config.KubernetesConfig.Pool;
import io.signalbox.host.config.KubernetesConfig.Served;
import io.signalbox.host.config.KubernetesConfig.Slices;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads {@code discovery.kubernetes}: what is watched in a cluster.
 *
 * @param engines those that models may name
 */
record KubernetesReader(Set<String> engines, ConfigProblems problems) {
  private static final String NAME = "[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?";
  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

  private static final String KEY = "(" + NAME + "/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?";
  private static final String VALUE = "([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?";
  private static final String VALUES = "\\(\\s*" + VALUE + "(\\s*,\\s*" + VALUE + ")*\\s*\\)";
  private static final String REQUIREMENT =
      "(!?\\s*%1$s|%1$s\\s*(=|==|!=)\\s*%2$s|%1$s\\s+(in|notin)\\s+%3$s)"
          .formatted(KEY, VALUE, VALUES);
  private static final Pattern SELECTOR =
      Pattern.compile("\\s*%1$s(\\s*,\\s*%1$s)*\\s*".formatted(REQUIREMENT));

  private static final Pattern PORT = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

  KubernetesConfig read(YamlSection section) {
    var config =
        new KubernetesConfig(
            namespaces(section),
            section.sections("pods", "selector").stream().map(this::pods).toList(),
            section.sections("inference-pools", "name").stream().map(this::pool).toList(),
            section.sections("endpoint-slices", "service").stream().map(this::slices).toList(),
            section.flag("model-adapters", false),
            section.choice("objectives", itself(KubernetesConfig.OBJECTIVE_GROUPS)),
            section.path("kubeconfig"));
    section.finish();
    if (config.pods().isEmpty() && config.pools().isEmpty() && config.slices().isEmpty()) {
      problems.add(
          section.path(), "must have one of pods, inference-pools and endpoint-slices at least");
    }
    return config;
  }

  private List<String> namespaces(YamlSection section) {
    var seen = new HashSet<String>();
    return section.texts("namespaces").entrySet().stream()
        .filter(entry -> {
          if (!NAMESPACE.matcher(entry.getValue()).matches()) {
            problems.add(
                entry.getKey(),
                "must be the name of a namespace, not \"" + entry.getValue() + "\"");
            return false;
          }
          return seen.add(entry.getValue());
        })
        .map(Map.Entry::getValue)
        .toList();
  }

  private Pods pods(YamlSection section) {
    var pods =
        new Pods(
            matching(section, "selector", SELECTOR, "a label selector such as app=llama,tier!=test")
                .orElse(KubernetesConfig.DEFAULT_SELECTOR),
            served(section),
            section.integer("port", EndpointAddress.DEFAULT_PORT, 1, 65_535));
    section.finish();
    return pods;
  }

  private Pool pool(YamlSection section) {
    section.require("name", "the name of an InferencePool");
    var pool =
        new Pool(
            matching(section, "name", Pattern.compile(NAME), "the name of an InferencePool")
                .orElse(""),
            served(section));
    section.finish();
    return pool;
  }

  private Slices slices(YamlSection section) {
    section.require("service", "the name of a Service");
    section.require("model", "the name of a model");
    var slices =
        new Slices(
            matching(section, "service", Pattern.compile(NAME), "the name of a Service").orElse(""),
            served(section),
            section.read(
                "port",
                "the name or the number of a port",
                node -> YamlValues.something(node).filter(text -> PORT.matcher(text).matches())));
    section.finish();
    return slices;
  }

  private Served served(YamlSection section) {
    return new Served(section.text("model"), ModelsReader.engine(section, engines));
  }

  private static Optional<String> matching(
      YamlSection section, String key, Pattern pattern, String allowed) {
    return section.read(
        key,
        allowed,
        node -> YamlValues.text(node).filter(text -> pattern.matcher(text).matches()));
  }

  private static Map<String, String> itself(List<String> choices) {
    return choices.stream().collect(Collectors.toMap(Function.identity(), Function.identity()));
  }
}
