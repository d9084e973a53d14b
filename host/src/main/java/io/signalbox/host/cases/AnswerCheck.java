package io.signalbox.host.cases;

import io.signalbox.host.strategy.StageCall;
import io.signalbox.host.strategy.StrategyDescription;
import io.signalbox.sdk.Picker;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Compares an answer with what a case expects, and says in words what differs. */
final class AnswerCheck {
  /** Sums of the same numbers in another order differ by less. */
  private static final double TOLERANCE = 1e-9;

  private final StrategyDescription strategy;
  private final CaseCandidates candidates;
  private final StageCall call;

  AnswerCheck(StrategyDescription strategy, CaseCandidates candidates, StageCall call) {
    this.strategy = strategy;
    this.candidates = candidates;
    this.call = call;
  }

  /** What differs where there is no answer. */
  static List<String> failed(Step.Ask ask, String message) {
    return ask.expectations().stream()
        .filter(expected ->
            !(expected instanceof Expectation.Failure(String part) && message.contains(part)))
        .map(expected ->
            expected instanceof Expectation.Failure(String part)
                ? "expected an error with \"" + part + "\", was: " + message
                : "expected " + expected.member() + ", failed: " + message)
        .toList();
  }

  List<String> check(List<Expectation> expectations) {
    var problems = new ArrayList<String>();
    for (var expected : expectations) {
      var kind = expected.kind().orElse(strategy.kind());
      if (kind == strategy.kind()) {
        problems.addAll(check(expected));
      } else {
        problems.add(
            "expected "
                + expected.member()
                + ", but "
                + strategy.id()
                + " is a "
                + strategy.kind().id());
      }
    }
    return problems;
  }

  private List<String> check(Expectation expected) {
    return switch (expected) {
      case Expectation.Scores scores -> scores(scores);
      case Expectation.Best(var addresses) -> compare("best", addresses, best());
      case Expectation.Keep(var addresses) -> compare("keep", addresses, kept());
      case Expectation.Pick(var address) ->
          compare("pick", address.stream().collect(Collectors.toSet()), picked());
      case Expectation.Failure(var part) ->
          List.of("expected an error with \"" + part + "\", was " + answer());
    };
  }

  private List<String> scores(Expectation.Scores expected) {
    var lines = new ArrayList<String>();
    boolean same = true;
    for (var entry : expected.byAddress().entrySet()) {
      double wanted = entry.getValue();
      double was = score(candidates.indexOf(entry.getKey()));
      boolean equal = equal(wanted, was);
      same &= equal;
      lines.add(
          "\n  "
              + entry.getKey()
              + "  expected "
              + number(wanted)
              + (equal ? "" : ", was " + number(was)));
    }
    return same ? List.of() : List.of("scores" + String.join("", lines));
  }

  private static List<String> compare(String what, Set<String> expected, Set<String> was) {
    return expected.equals(was)
        ? List.of()
        : List.of(what + ": expected " + addresses(expected) + ", was " + addresses(was));
  }

  private Set<String> best() {
    double best = Double.NaN;
    for (int i = 0; i < candidates.size(); i++) {
      double score = score(i);
      if (Double.isNaN(best) || strategy.prefers().better(score, best)) {
        best = score;
      }
    }
    double wanted = best;
    return addresses(
        IntStream.range(0, candidates.size())
            .filter(i -> !Double.isNaN(wanted) && equal(wanted, score(i))));
  }

  private Set<String> kept() {
    return addresses(IntStream.range(0, candidates.size()).filter(i -> call.keep()[i]));
  }

  private Set<String> picked() {
    int pick = call.pick();
    if (pick == Picker.NO_CHOICE) {
      return Set.of();
    }
    return pick >= 0 && pick < candidates.size()
        ? Set.of(candidates.endpoint(pick).address())
        : Set.of("index " + pick + " of " + candidates.size());
  }

  private Set<String> addresses(IntStream indices) {
    return indices
        .mapToObj(i -> candidates.endpoint(i).address())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** An infinite score is an unknown one, as in a chain. */
  private double score(int index) {
    double score = call.scores()[index];
    return Double.isFinite(score) ? score : Double.NaN;
  }

  private static boolean equal(double a, double b) {
    return (Double.isNaN(a) && Double.isNaN(b))
        || Math.abs(a - b) <= TOLERANCE * Math.max(1, Math.abs(a));
  }

  private String answer() {
    return switch (strategy.kind()) {
      case SCORER ->
          IntStream.range(0, candidates.size())
              .mapToObj(i -> candidates.endpoint(i).address() + " " + number(score(i)))
              .collect(Collectors.joining(", ", "scores ", ""));
      case FILTER -> "keep " + addresses(kept());
      case PICKER -> "pick " + addresses(picked());
    };
  }

  private static String addresses(Set<String> addresses) {
    return addresses.isEmpty() ? "none" : String.join(", ", addresses);
  }

  private static String number(double value) {
    if (Double.isNaN(value)) {
      return "unknown";
    }
    return value == Math.rint(value) && Math.abs(value) < 1e15 ? "" + (long) value : "" + value;
  }
}
