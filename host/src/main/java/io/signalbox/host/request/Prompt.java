package io.signalbox.host.request;

/**
 * What the engine is asked to go on from.
 *
 * @param text empty where there is none
 * @param tokenIds how many token ids the client sent instead of text; 0 where it sent none
 */
record Prompt(String text, long tokenIds) {
  /** A rule of thumb for English text; a tokenizer knows better. */
  private static final double CHARACTERS_PER_TOKEN = 4;

  /** Exact for token ids, estimated for text, {@code NaN} where there is neither. */
  double tokens() {
    return text.isEmpty() && tokenIds == 0
        ? Double.NaN
        : tokenIds + Math.ceil(text.length() / CHARACTERS_PER_TOKEN);
  }
}
