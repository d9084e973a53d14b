package io.signalbox.host.request;

/**
 * What identifies a prompt in a prefix index: one hash for each full block, each covering
 * everything from the start on, so equal hashes mean equal beginnings. Immutable; made once for a
 * request and carried along with it.
 */
public final class PromptBlocks {
  private final BlockHashing hashing;
  private final long[] chain;
  private final double tokensPerBlock;

  PromptBlocks(BlockHashing hashing, long[] chain, double tokensPerBlock) {
    this.hashing = hashing;
    this.chain = chain;
    this.tokensPerBlock = tokensPerBlock;
  }

  /** How they were made. */
  BlockHashing hashing() {
    return hashing;
  }

  /** How many full blocks there are, at most {@link BlockHashing#MAX_BLOCKS}; 0 for few bytes. */
  public int size() {
    return chain.length;
  }

  /**
   * The hash over everything from the start to the end of a block.
   *
   * @param index 0 to {@code size() - 1}
   */
  public long hash(int index) {
    return chain[index];
  }

  /** How many tokens one block stands for: exact for token ids, estimated for text. */
  public double tokensPerBlock() {
    return tokensPerBlock;
  }
}
