package io.signalbox.simulator;

import java.util.List;

/**
 * The engine's whole vocabulary: each word, with the space before it, is one token of {@link
 * ToyTokenizer}.
 */
final class Words {
  private static final List<String> WORDS =
      List.of(
          "a", "all", "and", "at", "axle", "bell", "block", "by", "clear", "coach", "cross", "day",
          "down", "early", "fast", "find", "for", "from", "gate", "gets", "green", "guard", "has",
          "halt", "here", "in", "is", "lamp", "late", "lever", "light", "line", "local", "mail",
          "next", "night", "no", "not", "of", "on", "one", "open", "over", "pass", "point", "post",
          "quiet", "rail", "road", "route", "runs", "safe", "says", "set", "sign", "slow", "so",
          "soon", "stop", "that", "the", "then", "there", "to", "track", "train", "turn", "two",
          "under", "until", "up", "waits", "way", "west", "when", "wire", "with", "yard");

  /**
   * One word, chosen by the hash.
   *
   * @param position 0 for the first of an answer, which has no space before it
   */
  static String pick(long hash, int position) {
    String word = WORDS.get((int) Long.remainderUnsigned(hash >>> 8, WORDS.size()));
    return position == 0 ? word : " " + word;
  }

  private Words() {}
}
