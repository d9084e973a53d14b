package io.signalbox.host.chain;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A chain as written: syntax only, no strategy looked up yet. */
record ParsedChain(List<ParsedStage> stages) {
  ParsedChain {
    stages = List.copyOf(stages);
  }

  /**
   * The one spelling of this chain: no spaces, parameters in alphabetical order, default weights
   * left out. Read as {@link io.signalbox.host.config.ListReading#NARROW} it is an equal chain.
   */
  String canonical() {
    return stages.stream().map(ParsedStage::canonical).collect(Collectors.joining(","));
  }

  /**
   * The same chain, in which strategies have these parameters as well, where they do not say them.
   *
   * @param parameters by strategy, then by name
   */
  ParsedChain with(Map<String, Map<String, String>> parameters) {
    return new ParsedChain(
        stages.stream()
            .map(stage ->
                new ParsedStage(
                    stage.terms().stream()
                        .map(term -> term.with(parameters.getOrDefault(term.name(), Map.of())))
                        .toList()))
            .toList());
  }

  /** One entry; several terms make it a weighted stage. */
  record ParsedStage(List<ParsedTerm> terms) {
    ParsedStage {
      terms = List.copyOf(terms);
    }

    String canonical() {
      return terms.stream()
          .map(term -> term.canonical(terms.size() > 1))
          .collect(Collectors.joining("+"));
    }
  }

  /**
   * One strategy or named chain.
   *
   * @param weight 1 to {@value ChainParser#MAX_WEIGHT}; 1 where none was written
   * @param parameters by name; a parameter without a value has the value {@code true}
   * @param position of the first character of the name in the text, counted from 1
   */
  record ParsedTerm(String name, int weight, SortedMap<String, String> parameters, int position) {
    private ParsedTerm with(Map<String, String> absent) {
      if (absent.isEmpty()) {
        return this;
      }
      var all = new TreeMap<>(absent);
      all.putAll(parameters);
      return new ParsedTerm(name, weight, all, position);
    }

    String canonical(boolean inWeightedStage) {
      var text = new StringBuilder(name);
      if (inWeightedStage && weight != 1) {
        text.append(':').append(weight);
      }
      parameters.forEach((key, value) -> {
        text.append(';').append(key);
        if (!value.equals("true")) {
          text.append('=').append(value);
        }
      });
      return text.toString();
    }
  }
}
