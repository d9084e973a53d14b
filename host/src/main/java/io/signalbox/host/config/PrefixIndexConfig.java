package io.signalbox.host.config;

/**
 * The index of which endpoint has which prompts cached.
 *
 * @param blocks of each model, at most; 32 to 40 bytes each
 * @param blockBytes bytes of text in one block
 * @param seed of the hashes; the same in all processes that compare them
 */
public record PrefixIndexConfig(int blocks, int blockBytes, int seed) {
  /** All defaults. */
  public static final PrefixIndexConfig DEFAULT = new PrefixIndexConfig(250_000, 128, 0);
}
