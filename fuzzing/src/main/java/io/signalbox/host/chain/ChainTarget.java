package io.signalbox.host.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.fuzzing.FuzzTarget;
import io.signalbox.host.chain.ParsedChain.ParsedTerm;
import io.signalbox.host.config.ListReading;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Texts of chains: read, written and read again; and beside a reading by regular expressions, since
 * the language is regular.
 */
public final class ChainTarget implements FuzzTarget {
  private static final Pattern TERM =
      Pattern.compile("[ \t]*([A-Za-z0-9._-]+)[ \t]*(?::[ \t]*(\\d{1,9})[ \t]*)?((?:;[^;]*)*)");
  private static final Pattern PARAMETER =
      Pattern.compile(";[ \t]*([A-Za-z0-9._-]+)[ \t]*(?:=[ \t]*([!-~&&[^,+:;=]]+)[ \t]*)?");
  private static final Pattern PROBLEM = Pattern.compile("position (\\d+): .+", Pattern.DOTALL);

  /** A term, wherever it stands. */
  private record Term(String name, int weight, SortedMap<String, String> parameters) {
    static Term of(ParsedTerm term) {
      return new Term(term.name(), term.weight(), new TreeMap<>(term.parameters()));
    }
  }

  @Override
  public void check(byte[] input) {
    var text = new String(input, StandardCharsets.UTF_8);
    for (var reading : ListReading.values()) {
      var expected = expected(text, reading);
      try {
        var parsed = ChainParser.parse(text, reading);
        assertThat(Optional.of(terms(parsed))).isEqualTo(expected);
        checkSpelling(parsed);
      } catch (ChainException e) {
        assertThat(expected).as(e.getMessage()).isEmpty();
        var problem = PROBLEM.matcher(e.getMessage());
        assertThat(problem.matches()).as(e.getMessage()).isTrue();
        assertThat(Integer.parseInt(problem.group(1))).isBetween(1, text.length() + 1);
      }
    }
  }

  private static List<List<Term>> terms(ParsedChain chain) {
    return chain.stages().stream()
        .map(stage -> stage.terms().stream().map(Term::of).toList())
        .toList();
  }

  /** The canonical text is that of the same chain, and its own. */
  private static void checkSpelling(ParsedChain parsed) {
    var canonical = parsed.canonical();
    var again = ChainParser.parse(canonical, ListReading.NARROW);
    assertThat(again.canonical()).isEqualTo(canonical);
    assertThat(terms(again))
        .isEqualTo(terms(parsed).stream().map(ChainTarget::withoutIdleWeight).toList());
  }

  /** The weight of a term that is alone weighs nothing, and is not written. */
  private static List<Term> withoutIdleWeight(List<Term> stage) {
    return stage.size() > 1
        ? stage
        : List.of(new Term(stage.getFirst().name(), 1, stage.getFirst().parameters()));
  }

  /** The stages with their terms; empty where this is no chain. */
  private static Optional<List<List<Term>>> expected(String text, ListReading reading) {
    if (text.length() > ChainParser.MAX_LENGTH) {
      return Optional.empty();
    }
    var stages = new ArrayList<List<Term>>();
    int terms = 0;
    boolean anyWeight = false;
    for (var stage : text.split(",", -1)) {
      var its = new ArrayList<Term>();
      for (var term : stage.split("\\+", -1)) {
        var match = TERM.matcher(term);
        var parameters =
            match.matches()
                ? parameters(match.group(3))
                : Optional.<SortedMap<String, String>>empty();
        if (parameters.isEmpty() || ++terms > ChainParser.MAX_TERMS) {
          return Optional.empty();
        }
        anyWeight |= match.group(2) != null;
        int weight = match.group(2) == null ? 1 : Integer.parseInt(match.group(2));
        if (weight > ChainParser.MAX_WEIGHT) {
          return Optional.empty();
        }
        its.add(new Term(match.group(1), weight, parameters.get()));
      }
      stages.add(its);
    }
    boolean one = !text.contains("+") && (anyWeight || reading == ListReading.WEIGHTED);
    var kept =
        (one ? List.of(stages.stream().flatMap(List::stream).toList()) : stages)
            .stream()
                .map(stage -> stage.stream().filter(term -> term.weight() > 0).toList())
                .filter(stage -> !stage.isEmpty())
                .toList();
    return kept.isEmpty() ? Optional.empty() : Optional.of(kept);
  }

  private static Optional<SortedMap<String, String>> parameters(String text) {
    var parameters = new TreeMap<String, String>();
    var match = PARAMETER.matcher(text);
    int end = 0;
    while (end < text.length() && match.find(end) && match.start() == end) {
      var value = match.group(2) == null ? "true" : match.group(2);
      if (parameters.put(match.group(1), value) != null) {
        return Optional.empty();
      }
      end = match.end();
    }
    return end == text.length() ? Optional.of(parameters) : Optional.empty();
  }
}
