package io.signalbox.host.request;

import java.nio.charset.StandardCharsets;

/**
 * What the engine is asked to go on from. Immutable.
 *
 * <p>A class and not a record, since it holds an array.
 */
final class Prompt {
  /** A prompt of nothing. */
  static final Prompt NONE = new Prompt("", new int[0]);

  /** A rule of thumb for English text; a tokenizer knows better. */
  private static final double CHARACTERS_PER_TOKEN = 4;

  private final String text;
  private final int[] tokenIds;

  /**
   * A prompt.
   *
   * @param text empty where there is none
   * @param tokenIds what the client sent instead of text; empty where it sent none
   */
  Prompt(String text, int[] tokenIds) {
    this.text = text;
    this.tokenIds = tokenIds;
  }

  String text() {
    return text;
  }

  /** Exact for token ids, estimated for text, {@code NaN} where there is neither. */
  double tokens() {
    return text.isEmpty() && tokenIds.length == 0
        ? Double.NaN
        : tokenIds.length + Math.ceil(text.length() / CHARACTERS_PER_TOKEN);
  }

  /** The same where it is known how many tokens the text has. */
  double tokens(int textTokens) {
    return (double) tokenIds.length + textTokens;
  }

  /** Its blocks: of the token ids where there is no text, else of the text. */
  PromptBlocks blocks(BlockHashing hashing) {
    return text.isEmpty() && tokenIds.length > 0
        ? hashing.tokens(BlockHashing.tokenBytes(tokenIds))
        : hashing.text(text.getBytes(StandardCharsets.UTF_8));
  }
}
