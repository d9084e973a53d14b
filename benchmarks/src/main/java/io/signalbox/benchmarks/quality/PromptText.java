package io.signalbox.benchmarks.quality;

import java.util.random.RandomGenerator;

/**
 * Text of a given length: a token of the simulated engines is a word of three letters and the space
 * before it, four bytes, about what English has.
 */
final class PromptText {
  private static final int LETTERS = 26;

  private PromptText() {}

  static String of(RandomGenerator random, int tokens) {
    var text = new StringBuilder(4 * tokens);
    append(text, random, tokens);
    return text.toString();
  }

  static void append(StringBuilder text, RandomGenerator random, int tokens) {
    for (int i = 0; i < tokens; i++) {
      int word = random.nextInt(LETTERS * LETTERS * LETTERS);
      text.append(' ')
          .append(letter(word))
          .append(letter(word / LETTERS))
          .append(letter(word / (LETTERS * LETTERS)));
    }
  }

  private static char letter(int number) {
    return (char) ('a' + number % LETTERS);
  }
}
