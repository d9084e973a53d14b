package io.signalbox.host.chain;

import io.signalbox.host.chain.ParsedChain.ParsedStage;
import io.signalbox.host.chain.ParsedChain.ParsedTerm;
import io.signalbox.host.chain.StageOptions.Absence;
import io.signalbox.host.chain.StageOptions.EmptyFilter;
import io.signalbox.host.chain.StageOptions.Scale;
import io.signalbox.host.config.Durations;
import io.signalbox.host.strategy.StrategyKind;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Reads the parameters that belong to a stage from all of its terms. */
final class StageParameters {
  private static final String SCALE = "scale";
  private static final String STRICT = "strict";
  private static final String OPTIONAL = "optional";
  private static final String DEADLINE = "deadline";
  static final String FALLBACK = "fallback";
  static final Set<String> NAMES = Set.of(SCALE, STRICT, OPTIONAL, DEADLINE, FALLBACK);

  private static final Duration LONGEST_DEADLINE = Duration.ofSeconds(10);

  private final Map<String, String> values = new TreeMap<>();
  private final Map<String, Integer> positions = new TreeMap<>();

  private StageParameters(ParsedStage stage) {
    stage.terms().forEach(this::collect);
  }

  static StageOptions read(ParsedStage stage) {
    if (stage.terms().stream().allMatch(term -> term.parameters().isEmpty())) {
      return StageOptions.DEFAULT;
    }
    var parameters = new StageParameters(stage);
    if (parameters.values.containsKey(SCALE) && stage.terms().size() == 1) {
      throw parameters.invalid(
          SCALE, "belongs to a weighted stage, and this stage has one strategy");
    }
    return new StageOptions(
        parameters.choice(
            SCALE, Map.of("min-max", Scale.MIN_MAX, "absolute", Scale.ABSOLUTE), Scale.MIN_MAX),
        parameters.choice(
            STRICT,
            Map.of("true", EmptyFilter.REFUSE, "false", EmptyFilter.SKIP),
            EmptyFilter.SKIP),
        parameters.choice(
            OPTIONAL, Map.of("true", Absence.SKIP, "false", Absence.REFUSE), Absence.REFUSE),
        parameters.deadline(),
        Optional.ofNullable(parameters.values.get(FALLBACK)));
  }

  /** Refuses parameters of the stage or the host that mean nothing to this kind of strategy. */
  static void requireFitting(ParsedTerm term, StrategyKind kind) {
    if (term.parameters().containsKey(STRICT) && kind != StrategyKind.FILTER) {
      throw ChainException.invalid(
          term.position(), "\"strict\" belongs to a filter, and \"" + term.name() + "\" is none");
    }
    if (term.parameters().containsKey("band") && kind != StrategyKind.SCORER) {
      throw ChainException.invalid(
          term.position(), "\"band\" belongs to a scorer, and \"" + term.name() + "\" is none");
    }
  }

  private void collect(ParsedTerm term) {
    term.parameters()
        .forEach((name, value) -> {
          if (NAMES.contains(name)) {
            collect(name, value, term.position());
          }
        });
  }

  private void collect(String name, String value, int position) {
    var other = values.putIfAbsent(name, value);
    positions.put(name, position);
    if (other != null && !other.equals(value)) {
      throw invalid(
          name, "belongs to the whole stage and has two values: " + other + " and " + value);
    }
  }

  private <T> T choice(String name, Map<String, T> choices, T absent) {
    var text = values.get(name);
    if (text == null) {
      return absent;
    }
    var choice = choices.get(text);
    if (choice == null) {
      throw invalid(
          name,
          "must be "
              + String.join(" or ", new TreeMap<>(choices).keySet())
              + ", not \""
              + text
              + "\"");
    }
    return choice;
  }

  private Optional<Duration> deadline() {
    return Optional.ofNullable(values.get(DEADLINE)).map(this::readDeadline);
  }

  private Duration readDeadline(String text) {
    return Durations.parse(text)
        .filter(deadline -> deadline.isPositive() && deadline.compareTo(LONGEST_DEADLINE) <= 0)
        .orElseThrow(
            () -> invalid(DEADLINE, "must be more than 0 and at most 10s, not \"" + text + "\""));
  }

  private ChainException invalid(String name, String problem) {
    return ChainException.invalid(positions.getOrDefault(name, 1), "\"" + name + "\" " + problem);
  }
}
