package io.signalbox.host.chain;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Why a request went where it went, stage by stage. Immutable.
 *
 * @param chain the canonical text of the chain
 * @param profile the model's profile whose chain it is; empty where something else chose it
 * @param steps in the order in which stages were applied, fallbacks after what they stood in for
 * @param chosen the address of the endpoint
 */
public record Explanation(
    String model, String chain, Optional<String> profile, List<Step> steps, String chosen) {
  /** Candidates told of each stage; more are counted only. */
  public static final int MAX_CANDIDATES = 128;

  /** Characters of {@link #text()}. */
  public static final int MAX_TEXT = 4_096;

  private static final int MAX_CANDIDATES_IN_TEXT = 16;
  private static final String CUT = " ...";

  public Explanation {
    steps = List.copyOf(steps);
  }

  /** Of a chain that no profile chose. */
  public Explanation(String model, String chain, List<Step> steps, String chosen) {
    this(model, chain, Optional.empty(), steps, chosen);
  }

  /**
   * What one stage did.
   *
   * @param stage as written in the canonical chain
   * @param outcome such as {@code applied} or {@code no-data}; kebab case
   * @param before how many candidates it was given
   * @param kept how many it left
   * @param candidates the first of those it was given, in address order
   */
  public record Step(
      String stage, String outcome, int before, int kept, List<Candidate> candidates) {
    public Step {
      candidates = List.copyOf(candidates);
    }
  }

  /**
   * One candidate of a stage.
   *
   * @param score of a scorer, or the sum of a weighted stage; {@code NaN} where unknown, and where
   *     the stage gives none
   */
  public record Candidate(String address, double score, boolean kept) {}

  /**
   * The explanation in one line: {@code stage before>kept (address=score* …)}, an asterisk at who
   * was kept, the outcome where it is not {@code applied}, then the choice. Before it all, {@code
   * profile NAME:} where a profile chose the chain.
   */
  public String text() {
    var text = new StringBuilder();
    profile.ifPresent(name -> text.append("profile ").append(name).append(": "));
    for (var step : steps) {
      append(text, step);
    }
    var choice = "-> " + chosen;
    if (text.length() + choice.length() > MAX_TEXT) {
      text.setLength(MAX_TEXT - choice.length() - CUT.length() - 1);
      text.append(CUT).append(' ');
    }
    return text.append(choice).toString();
  }

  private static void append(StringBuilder text, Step step) {
    text.append(step.stage());
    if (!step.outcome().equals("applied")) {
      text.append(' ').append(step.outcome());
    }
    text.append(' ').append(step.before()).append('>').append(step.kept()).append(" (");
    int shown = Math.min(step.candidates().size(), MAX_CANDIDATES_IN_TEXT);
    for (int i = 0; i < shown; i++) {
      var candidate = step.candidates().get(i);
      text.append(i == 0 ? "" : " ").append(candidate.address());
      if (Double.isFinite(candidate.score())) {
        text.append('=').append(number(candidate.score()));
      }
      text.append(candidate.kept() ? "*" : "");
    }
    if (step.before() > shown) {
      text.append(" +").append(step.before() - shown);
    }
    text.append(") ");
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? String.valueOf((long) value)
        : String.format(Locale.ROOT, "%.4g", value);
  }
}
