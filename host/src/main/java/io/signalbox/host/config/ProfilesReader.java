package io.signalbox.host.config;

import io.signalbox.host.config.ModelRouting.Profile;
import io.signalbox.host.config.ModelRouting.TokenRange;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Reads which chain decides the requests of a model, and when: as a model of the configuration says
 * it, and as AIBrix' annotation {@code model.aibrix.ai/config} does.
 */
record ProfilesReader(ConfigProblems problems) {
  private static final int MAX_TOKENS = 1_000_000_000;

  /** Reads what a model of the configuration says. */
  ModelRouting ofModel(YamlSection model, Optional<FlowControlConfig> flowControl) {
    var profiles = profiles(model, this::profile);
    return routing(model, new Keys("locked-strategy", "default-profile"), profiles, flowControl);
  }

  /** Reads AIBrix' annotation; what is not known here is a problem, for it would be left undone. */
  PodProfiles ofAnnotation(YamlSection root) {
    var labels = new TreeMap<String, Map<String, String>>();
    var profiles =
        profiles(
            root,
            section -> {
              var hints = section.section("routingConfig");
              labels.put(section.path(), podLabels(hints));
              return aibrixProfile(section, hints);
            });
    var keys = new Keys("lockedRoutingStrategy", "defaultProfile");
    var routing = routing(root, keys, profiles, Optional.empty());
    if (profiles.isEmpty()) {
      problems.add("profiles", "must have at least one profile");
    }
    root.finish();
    var ownLabels =
        routing.defaultProfile().map(name -> root.child("profiles") + "." + name).map(labels::get);
    return new PodProfiles(routing, ownLabels.orElse(Map.of()));
  }

  /** What AIBrix reads of a pod's own annotation rather than of its model's. */
  private static Map<String, String> podLabels(YamlSection hints) {
    var labels = new TreeMap<String, String>();
    for (var length : List.of("promptLenBucketMinLength", "promptLenBucketMaxLength")) {
      int tokens = hints.integer(length, 0, 0, MAX_TOKENS);
      if (tokens > 0) {
        labels.put(length, Integer.toString(tokens));
      }
    }
    if (hints.flag("combined", false)) {
      labels.put("combined", "true");
    }
    return labels;
  }

  private static NavigableMap<String, Profile> profiles(
      YamlSection section, Function<YamlSection, Profile> reader) {
    var profiles = new TreeMap<String, Profile>();
    section
        .section("profiles")
        .namedSections()
        .forEach((name, its) -> profiles.put(name, reader.apply(its)));
    return profiles;
  }

  /** What is written differently. */
  private record Keys(String locked, String defaultProfile) {}

  private ModelRouting routing(
      YamlSection section,
      Keys keys,
      NavigableMap<String, Profile> profiles,
      Optional<FlowControlConfig> flowControl) {
    var configured = section.text(keys.defaultProfile());
    configured
        .filter(name -> !profiles.containsKey(name))
        .ifPresent(name ->
            problems.add(
                section.child(keys.defaultProfile()),
                "must be one of the model's profiles, not \"" + name + "\""));
    return new ModelRouting(
        section.text(keys.locked()),
        configured.or(
            () -> Optional.of(ModelRouting.DEFAULT_PROFILE).filter(profiles::containsKey)),
        profiles,
        flowControl);
  }

  private Profile profile(YamlSection section) {
    var profile =
        new Profile(
            section.text("strategy"),
            range(section, "prompt-tokens-from", "prompt-tokens-below"),
            range(section, "max-tokens-from", "max-tokens-below"),
            parameters(section.section("parameters")),
            section.present("limits").map(new LimitsReader(problems)::limits));
    section.finish();
    return profile;
  }

  private static Map<String, Map<String, String>> parameters(YamlSection section) {
    var parameters = new TreeMap<String, Map<String, String>>();
    section.namedSections().forEach((strategy, own) -> parameters.put(strategy, own.allScalars()));
    return parameters;
  }

  private Profile aibrixProfile(YamlSection section, YamlSection hints) {
    var parameters = new TreeMap<String, String>();
    hints.text("prefillScorePolicy").ifPresent(policy -> parameters.put("prefill-policy", policy));
    hints.text("decodeScorePolicy").ifPresent(policy -> parameters.put("decode-policy", policy));
    var profile =
        new Profile(
            section.text("routingStrategy"),
            range(hints, "promptTokensGte", "promptTokensLt"),
            range(hints, "maxTokensGte", "maxTokensLt"),
            parameters.isEmpty() ? Map.of() : Map.of("pd", parameters),
            LimitsReader.perSecond(section, "requestsPerSecond"));
    hints.finish();
    section.finish();
    return profile;
  }

  private TokenRange range(YamlSection section, String from, String below) {
    var range =
        new TokenRange(
            section.integer(from, 0, 0, MAX_TOKENS),
            section.integer(below, TokenRange.UNBOUNDED, 1, MAX_TOKENS));
    if (range.from() >= range.below()) {
      problems.add(
          section.child(below), "must be more than " + from + ", which is " + range.from());
    }
    return range;
  }
}
