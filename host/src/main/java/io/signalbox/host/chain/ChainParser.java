package io.signalbox.host.chain;

import io.signalbox.host.chain.ParsedChain.ParsedStage;
import io.signalbox.host.chain.ParsedChain.ParsedTerm;
import io.signalbox.host.config.ListReading;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads the chain language.
 *
 * <pre>
 * chain = stage *( "," stage )
 * stage = term *( "+" term )
 * term  = name [ ":" weight ] *( ";" key [ "=" value ] )
 * </pre>
 *
 * <p>A text without {@code +} in which any item carries a weight is one weighted stage, as AIBrix
 * reads it. A term of weight 0 is dropped, and so is a stage left without terms. Spaces around
 * tokens mean nothing.
 */
final class ChainParser {
  static final int MAX_LENGTH = 2_048;
  static final int MAX_TERMS = 32;
  static final int MAX_WEIGHT = 1_000_000;

  private final String text;
  private int next;
  private int terms;
  private boolean anyWeight;
  private boolean anyPlus;

  private ChainParser(String text) {
    this.text = text;
  }

  /**
   * Parses a text.
   *
   * @throws ChainException with the position, counted from 1, and what is allowed there
   */
  static ParsedChain parse(String text, ListReading reading) {
    if (text.length() > MAX_LENGTH) {
      throw ChainException.invalid(
          MAX_LENGTH + 1,
          "a chain has at most " + MAX_LENGTH + " characters, this one " + text.length());
    }
    return new ChainParser(text).chain(reading);
  }

  /** Whether a strategy or chain of this name could be written in a chain. */
  static boolean isName(String text) {
    return !text.isEmpty() && text.chars().allMatch(ChainParser::wordCharacter);
  }

  /** Whether a parameter of this value could be written in a chain. */
  static boolean isValue(String text) {
    return !text.isEmpty() && text.chars().allMatch(ChainParser::tokenCharacter);
  }

  private ParsedChain chain(ListReading reading) {
    var written = new ArrayList<List<ParsedTerm>>();
    do {
      written.add(stage());
    } while (accept(','));
    if (next < text.length()) {
      throw unexpected("\",\", \"+\", \":\" or \";\"");
    }
    var stages = new ArrayList<ParsedStage>();
    for (var stage : oneWeightedStage(reading) ? List.of(flatten(written)) : written) {
      var kept = stage.stream().filter(term -> term.weight() > 0).toList();
      if (!kept.isEmpty()) {
        stages.add(new ParsedStage(kept));
      }
    }
    if (stages.isEmpty()) {
      throw ChainException.invalid(1, "every weight is 0, so no strategy is left");
    }
    return new ParsedChain(stages);
  }

  private boolean oneWeightedStage(ListReading reading) {
    return !anyPlus && (anyWeight || reading == ListReading.WEIGHTED);
  }

  private static List<ParsedTerm> flatten(List<List<ParsedTerm>> stages) {
    return stages.stream().flatMap(List::stream).toList();
  }

  private List<ParsedTerm> stage() {
    var stage = new ArrayList<ParsedTerm>();
    stage.add(term());
    while (accept('+')) {
      anyPlus = true;
      stage.add(term());
    }
    return stage;
  }

  private ParsedTerm term() {
    skipSpaces();
    int start = next;
    if (++terms > MAX_TERMS) {
      throw ChainException.invalid(start + 1, "a chain has at most " + MAX_TERMS + " strategies");
    }
    var name = word("the name of a strategy or chain");
    int weight = accept(':') ? weight() : 1;
    return new ParsedTerm(name, weight, parameters(), start + 1);
  }

  private int weight() {
    anyWeight = true;
    skipSpaces();
    int start = next;
    var digits = token();
    if (digits.isEmpty() || digits.length() > 9 || !digits.chars().allMatch(ChainParser::digit)) {
      throw badWeight(start, digits);
    }
    int weight = Integer.parseInt(digits);
    if (weight > MAX_WEIGHT) {
      throw badWeight(start, digits);
    }
    return weight;
  }

  private static ChainException badWeight(int start, String found) {
    return ChainException.invalid(
        start + 1,
        "a weight must be an integer from 0 to " + MAX_WEIGHT + ", not \"" + found + "\"");
  }

  private SortedMap<String, String> parameters() {
    SortedMap<String, String> parameters = Collections.emptySortedMap();
    while (accept(';')) {
      if (parameters.isEmpty()) {
        parameters = new TreeMap<>();
      }
      skipSpaces();
      int start = next;
      var key = word("the name of a parameter");
      var value = accept('=') ? value() : "true";
      if (parameters.put(key, value) != null) {
        throw ChainException.invalid(start + 1, "parameter \"" + key + "\" is given twice");
      }
    }
    return parameters;
  }

  private String value() {
    skipSpaces();
    int start = next;
    var value = token();
    if (value.isEmpty()) {
      throw ChainException.invalid(start + 1, "a value is missing after \"=\"");
    }
    return value;
  }

  private String word(String expected) {
    int start = next;
    while (next < text.length() && wordCharacter(text.charAt(next))) {
      next++;
    }
    if (next == start) {
      throw unexpected(expected);
    }
    return text.substring(start, next);
  }

  /** Printable characters up to the next separator or space. */
  private String token() {
    int start = next;
    while (next < text.length() && tokenCharacter(text.charAt(next))) {
      next++;
    }
    return text.substring(start, next);
  }

  private boolean accept(char separator) {
    skipSpaces();
    if (next < text.length() && text.charAt(next) == separator) {
      next++;
      return true;
    }
    return false;
  }

  private void skipSpaces() {
    while (next < text.length() && (text.charAt(next) == ' ' || text.charAt(next) == '\t')) {
      next++;
    }
  }

  private ChainException unexpected(String expected) {
    return ChainException.invalid(
        next + 1,
        "expected "
            + expected
            + ", found "
            + (next < text.length()
                ? "\"" + Character.toString(text.codePointAt(next)) + "\""
                : "the end"));
  }

  private static boolean wordCharacter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || digit(c) || "-_.".indexOf(c) >= 0;
  }

  private static boolean tokenCharacter(int c) {
    return c > ' ' && c <= '~' && ",+:;=".indexOf(c) < 0;
  }

  private static boolean digit(int c) {
    return c >= '0' && c <= '9';
  }
}
