package io.signalbox.host.cases;

import io.signalbox.host.strategy.StrategyKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What a case expects of an answer. */
public sealed interface Expectation {
  /**
   * These scores.
   *
   * @param byAddress {@code NaN} for unknown
   */
  record Scores(Map<String, Double> byAddress) implements Expectation {}

  /** These endpoints have the best score, and no others. */
  record Best(Set<String> addresses) implements Expectation {}

  /** These endpoints stay, and no others. */
  record Keep(Set<String> addresses) implements Expectation {}

  /**
   * This endpoint is chosen.
   *
   * @param address empty where the choice is left to the host
   */
  record Pick(Optional<String> address) implements Expectation {}

  /** There is no answer, and the problem has this text in it. */
  record Failure(String part) implements Expectation {}

  /** Which kind of strategy can do this; empty where any can. */
  default Optional<StrategyKind> kind() {
    return switch (this) {
      case Scores _, Best _ -> Optional.of(StrategyKind.SCORER);
      case Keep _ -> Optional.of(StrategyKind.FILTER);
      case Pick _ -> Optional.of(StrategyKind.PICKER);
      case Failure _ -> Optional.empty();
    };
  }

  /** The name of the member of {@code expect} that says this. */
  default String member() {
    return switch (this) {
      case Scores _ -> "scores";
      case Best _ -> "best";
      case Keep _ -> "keep";
      case Pick _ -> "pick";
      case Failure _ -> "error";
    };
  }

  /** Reads the member {@code expect}. */
  static List<Expectation> read(JsonPart part, CaseCandidates candidates) {
    part.knowing(Set.of("scores", "best", "keep", "pick", "error"));
    var expectations = new ArrayList<Expectation>();
    if (part.has("scores")) {
      expectations.add(new Scores(scores(part, candidates)));
    }
    if (part.has("best")) {
      expectations.add(new Best(addresses(part, "best", candidates)));
    }
    if (part.has("keep")) {
      expectations.add(new Keep(addresses(part, "keep", candidates)));
    }
    if (part.has("pick")) {
      addresses(part, "pick", candidates);
      expectations.add(new Pick(part.optionalText("pick")));
    }
    if (part.has("error")) {
      expectations.add(new Failure(part.text("error")));
    }
    if (expectations.isEmpty() || (part.has("error") && expectations.size() > 1)) {
      throw part.problem(
          "", "must have some of \"scores\", \"best\", \"keep\" and \"pick\", or \"error\" alone");
    }
    return expectations;
  }

  private static Map<String, Double> scores(JsonPart part, CaseCandidates candidates) {
    var numbers = part.numbers("scores");
    var addresses = candidates.written();
    if (numbers.size() != addresses.size()) {
      throw part.problem(
          "scores",
          "must have one number for each of "
              + addresses.size()
              + " candidates, not "
              + numbers.size());
    }
    var scores = new LinkedHashMap<String, Double>();
    for (int i = 0; i < numbers.size(); i++) {
      scores.put(addresses.get(i), numbers.get(i));
    }
    return scores;
  }

  private static Set<String> addresses(JsonPart part, String member, CaseCandidates candidates) {
    var addresses = new TreeSet<>(part.texts(member));
    for (var address : addresses) {
      if (candidates.indexOf(address) < 0) {
        throw part.problem(member, "\"" + address + "\" is none of the candidates' addresses");
      }
    }
    return addresses;
  }
}
