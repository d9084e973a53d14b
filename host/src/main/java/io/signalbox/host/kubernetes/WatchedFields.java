package io.signalbox.host.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.StringWriter;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.filter.FilteringParserDelegate;
import tools.jackson.core.filter.TokenFilter;
import tools.jackson.core.filter.TokenFilter.Inclusion;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Decodes what an API server tells, of changed objects without the fields that nobody here looks
 * at: the largest of pods, which would be most of what a change costs. Safe for any thread.
 */
final class WatchedFields extends KubernetesSerialization {
  private static final JsonFactory JSON = new JsonFactory();

  /** As servers begin an event of a pod; one that begins otherwise costs more. */
  private static final Pattern POD =
      Pattern.compile(
          "\\{\"type\":\"[A-Z]+\",\"object\":\\{"
              + "(\"kind\":\"Pod\",\"apiVersion\":\"v1\"|\"apiVersion\":\"v1\",\"kind\":\"Pod\")[,}]");

  private static final TokenFilter WITHOUT_ENV = event("env");
  private static final TokenFilter WITH_ENV = event("envFrom");

  WatchedFields() {
    super(new JsonMapper(), true);
  }

  /** What an event of a pod is; else the client first makes a tree to find out. */
  private record PodEvent(String type, Pod object) {}

  @Override
  public <T> T unmarshal(String json, Class<T> type) {
    if (!type.equals(WatchEvent.class)) {
      return super.unmarshal(json, type);
    }
    var needed = needed(json);
    if (!POD.matcher(needed).lookingAt()) {
      return super.unmarshal(needed, type);
    }
    var event = super.unmarshal(needed, PodEvent.class);
    return type.cast(new WatchEvent(event.object(), event.type()));
  }

  /**
   * An event without the fields that are not looked at.
   *
   * @param json one value
   */
  static String needed(String json) {
    var needed = new StringWriter();
    // Of variables, one is looked at, and few pods have it.
    var filter = json.contains(PodReader.RANKS) ? WITH_ENV : WITHOUT_ENV;
    try (var parser =
            new FilteringParserDelegate(
                JSON.createParser(ObjectReadContext.empty(), json),
                filter,
                Inclusion.INCLUDE_ALL_AND_PATH,
                true);
        var generator = JSON.createGenerator(ObjectWriteContext.empty(), needed)) {
      if (parser.nextToken() != null) {
        generator.copyCurrentStructure(parser);
      }
    }
    return needed.toString();
  }

  private static TokenFilter event(String ofContainers) {
    var container =
        new Place(
            Set.of(
                ofContainers,
                "args",
                "command",
                "lifecycle",
                "livenessProbe",
                "readinessProbe",
                "resources",
                "securityContext",
                "startupProbe",
                "volumeMounts"),
            Map.of());
    var spec =
        new Place(
            Set.of(
                "affinity",
                "ephemeralContainers",
                "initContainers",
                "securityContext",
                "tolerations",
                "topologySpreadConstraints",
                "volumes"),
            Map.of("containers", container));
    var object =
        new Place(
            Set.of(),
            Map.of(
                "metadata",
                new Place(Set.of("managedFields"), Map.of()),
                "spec",
                spec,
                "status",
                new Place(
                    Set.of(
                        "containerStatuses", "ephemeralContainerStatuses", "initContainerStatuses"),
                    Map.of())));
    return new Place(Set.of(), Map.of("object", object));
  }

  /** An object, or each of a list: which of its fields are left out, and which are looked into. */
  private static final class Place extends TokenFilter {
    private final Set<String> without;
    private final Map<String, TokenFilter> into;

    Place(Set<String> without, Map<String, TokenFilter> into) {
      this.without = without;
      this.into = into;
    }

    @Override
    public @Nullable TokenFilter includeProperty(String name) {
      return without.contains(name) ? null : into.getOrDefault(name, INCLUDE_ALL);
    }

    @Override
    public boolean includeEmptyObject(boolean contentsFiltered) {
      return true;
    }

    @Override
    public boolean includeEmptyArray(boolean contentsFiltered) {
      return true;
    }
  }
}
