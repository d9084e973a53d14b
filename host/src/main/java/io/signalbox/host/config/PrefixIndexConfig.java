package io.signalbox.host.config;

/**
 * The index of which endpoint has which prompts cached.
 *
 * @param blocks of each model, at most; 32 to 40 bytes each
 * @param eventBlocks of each model that its engines tell of, at most; each counts as often as
 *     engines have it
 * @param blockBytes bytes of text in one block
 * @param seed of the hashes; the same in all processes that compare them
 */
public record PrefixIndexConfig(int blocks, int eventBlocks, int blockBytes, int seed) {
  private static final int DEFAULT_EVENT_BLOCKS = 1_000_000;

  /** All defaults. */
  public static final PrefixIndexConfig DEFAULT = new PrefixIndexConfig(250_000, 128, 0);

  /** With room for as many blocks that engines tell of as by default. */
  public PrefixIndexConfig(int blocks, int blockBytes, int seed) {
    this(blocks, DEFAULT_EVENT_BLOCKS, blockBytes, seed);
  }
}
