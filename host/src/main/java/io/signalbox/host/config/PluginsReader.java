package io.signalbox.host.config;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads {@code plugins}: the folder, and what is said about single plugins. */
record PluginsReader(ConfigProblems problems) {
  private static final Duration SHORTEST_BUDGET = Duration.ofNanos(100_000);
  private static final Duration LONGEST_BUDGET = Duration.ofSeconds(1);
  private static final Duration SHORTEST_LOAD_LIMIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_LOAD_LIMIT = Duration.ofMinutes(5);

  private static final Map<String, Placement> PLACEMENTS =
      Stream.of(Placement.values()).collect(Collectors.toMap(Placement::id, Function.identity()));
  private static final Map<String, Grant> GRANTS =
      Stream.of(Grant.values()).collect(Collectors.toMap(Grant::id, Function.identity()));

  PluginsConfig read(YamlSection section) {
    var absent = PluginsConfig.DEFAULT;
    boolean enabled = section.flag("enabled", absent.enabled());
    var folder = section.path("folder").orElse(absent.folder());
    var loadLimit =
        section.duration("load-limit", absent.loadLimit(), SHORTEST_LOAD_LIMIT, LONGEST_LOAD_LIMIT);
    var byName = new LinkedHashMap<String, PluginConfig>();
    section.namedSections().forEach((name, plugin) -> byName.put(name, plugin(plugin)));
    section.finish();
    return new PluginsConfig(enabled, folder, loadLimit, byName);
  }

  private PluginConfig plugin(YamlSection section) {
    var absent = PluginConfig.DEFAULT;
    var placement = section.choice("placement", absent.placement(), PLACEMENTS);
    var rollout = rollout(section);
    if (placement == Placement.INLINE && !(rollout instanceof Rollout.Full)) {
      problems.add(
          section.child("placement"),
          "must be worker where canary or shadow is on, not \"inline\"");
    }
    var plugin =
        new PluginConfig(
            placement,
            section.duration("budget", SHORTEST_BUDGET, LONGEST_BUDGET),
            Set.copyOf(section.choices("grants", GRANTS)),
            rollout,
            section.section("params").allScalars());
    section.finish();
    return plugin;
  }

  private Rollout rollout(YamlSection section) {
    var canary = section.share("canary");
    boolean shadow = section.flag("shadow", false);
    if (shadow && canary.isPresent()) {
      problems.add(section.child("shadow"), "must be false where canary is there: one of the two");
    }
    if (shadow) {
      return new Rollout.Shadow();
    }
    return canary.isPresent() ? new Rollout.Canary(canary.getAsDouble()) : new Rollout.Full();
  }
}
