package io.signalbox.host.request;

import java.nio.charset.StandardCharsets;

/**
 * What the engine is asked to go on from. Immutable.
 *
 * <p>A class and not a record, since it holds an array.
 */
final class Prompt {
  /** A prompt of nothing. */
  static final Prompt NONE = new Prompt("", new int[0], false);

  /** A rule of thumb for English text; a tokenizer knows better. */
  private static final double CHARACTERS_PER_TOKEN = 4;

  private final String text;
  private final int[] tokenIds;
  private final boolean plain;

  /**
   * A prompt.
   *
   * @param text empty where there is none
   * @param tokenIds what the client sent instead of text; empty where it sent none
   * @param plain whether the client sent the text in one piece, and the engine adds no template
   */
  Prompt(String text, int[] tokenIds, boolean plain) {
    this.text = text;
    this.tokenIds = tokenIds;
    this.plain = plain;
  }

  String text() {
    return text;
  }

  /** Whether the client sent one text, to which the engine adds no template. */
  boolean isPlain() {
    return plain;
  }

  /** Whether the client sent token ids and nothing else. */
  boolean isTokens() {
    return text.isEmpty() && tokenIds.length > 0;
  }

  /** What the client sent instead of text; nobody writes to it. */
  int[] tokenIds() {
    return tokenIds;
  }

  /** Exact for token ids, estimated for text, {@code NaN} where there is neither. */
  double tokens() {
    return tokens(text.length(), tokenIds.length);
  }

  /** The same of a text of so many characters beside so many token ids. */
  static double tokens(long characters, int tokenIds) {
    return characters == 0 && tokenIds == 0
        ? Double.NaN
        : tokenIds + Math.ceil(characters / CHARACTERS_PER_TOKEN);
  }

  /** The same where it is known how many tokens the text has. */
  double tokens(int textTokens) {
    return (double) tokenIds.length + textTokens;
  }

  /** Its blocks: of the token ids where there is no text, else of the text. */
  PromptBlocks blocks(BlockHashing hashing) {
    return isTokens()
        ? hashing.tokens(BlockHashing.tokenBytes(tokenIds))
        : hashing.text(text.getBytes(StandardCharsets.UTF_8));
  }
}
