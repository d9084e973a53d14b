package io.signalbox.host.config;

import io.signalbox.host.config.RemoteStrategyConfig.Kind;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.Signal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads {@code remote-strategies}: what is asked over the event bus. */
record RemoteStrategiesReader(ConfigProblems problems) {
  private static final Duration SHORTEST_DEADLINE = Duration.ofMillis(1);
  private static final Duration LONGEST_DEADLINE = Duration.ofSeconds(10);
  private static final Map<String, Direction> DIRECTIONS =
      Map.of("low", Direction.LOWER, "high", Direction.HIGHER);

  /** A scorer also needs a direction, so there is none without. */
  private static final Map<String, Optional<Kind>> KINDS =
      Map.of(
          "filter", Optional.of(new Kind.Filter()),
          "picker", Optional.of(new Kind.Picker()),
          "scorer", Optional.empty());

  private static final Map<String, Signal> SIGNALS =
      Stream.of(Signal.values()).collect(Collectors.toMap(Signal::id, Function.identity()));

  Map<String, RemoteStrategyConfig> read(YamlSection section) {
    var strategies = new LinkedHashMap<String, RemoteStrategyConfig>();
    section
        .namedSections()
        .forEach(
            (name, strategy) -> strategy(strategy).ifPresent(read -> strategies.put(name, read)));
    return strategies;
  }

  private Optional<RemoteStrategyConfig> strategy(YamlSection section) {
    var kind = kind(section);
    var deadline =
        section.duration(
            "deadline", RemoteStrategyConfig.DEFAULT_DEADLINE, SHORTEST_DEADLINE, LONGEST_DEADLINE);
    var needs = section.choices("needs", SIGNALS);
    section.finish();
    return kind.map(known -> new RemoteStrategyConfig(known, deadline, Set.copyOf(needs)));
  }

  private Optional<Kind> kind(YamlSection section) {
    section.require("kind", "filter or picker or scorer");
    var prefers = section.choice("prefer", DIRECTIONS);
    var kind = section.choice("kind", KINDS);
    if (kind.isPresent() && kind.get().isEmpty()) {
      section.require("prefer", "high or low for a scorer");
      return prefers.map(Kind.Scorer::new);
    }
    if (kind.isPresent() && section.has("prefer")) {
      problems.add(section.child("prefer"), "belongs to a scorer, and this is none");
    }
    return kind.flatMap(Function.identity());
  }
}
