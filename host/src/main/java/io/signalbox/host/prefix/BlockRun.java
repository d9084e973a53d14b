package io.signalbox.host.prefix;

import java.util.OptionalLong;

/**
 * Consecutive blocks of one prompt, as an engine tells of them. Immutable by convention: nobody
 * writes to its arrays.
 *
 * <p>A class and not a record, since it holds arrays.
 */
public final class BlockRun {
  private final long[] hashes;
  private final OptionalLong parent;
  private final int[] tokens;
  private final long[] extras;
  private final CacheTier tier;

  /**
   * Blocks.
   *
   * @param hashes the engine's own, at least one
   * @param parent the block before the first; empty at the beginning of a prompt
   * @param tokens of all blocks, the same number for each
   * @param extras for each block what its content depends on besides tokens, hashed; 0: nothing
   */
  public BlockRun(long[] hashes, OptionalLong parent, int[] tokens, long[] extras, CacheTier tier) {
    this.hashes = hashes;
    this.parent = parent;
    this.tokens = tokens;
    this.extras = extras;
    this.tier = tier;
  }

  /** How many blocks these are. */
  public int size() {
    return hashes.length;
  }

  /** The engine's hashes. */
  public long[] hashes() {
    return hashes;
  }

  /** The engine's hash of the block before; empty at the beginning of a prompt. */
  public OptionalLong parent() {
    return parent;
  }

  /** The tokens of all blocks. */
  public int[] tokens() {
    return tokens;
  }

  /** How many tokens one block has. */
  public int blockTokens() {
    return tokens.length / hashes.length;
  }

  /** For each block what its content depends on besides tokens, hashed; 0: nothing. */
  public long[] extras() {
    return extras;
  }

  /** Where the blocks lie. */
  public CacheTier tier() {
    return tier;
  }
}
