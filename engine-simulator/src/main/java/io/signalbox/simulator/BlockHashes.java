package io.signalbox.simulator;

/**
 * The KV-cache identity of a prompt: one hash per full block, each covering all tokens from the
 * start on, so equal hashes mean equal prefixes.
 *
 * <p>The fold is a 64-bit multiply-and-mix; for a simulator's tens of thousands of blocks a
 * collision is out of reach.
 */
final class BlockHashes {
  private static final long START = 0x9e3779b97f4a7c15L;

  private final int[] ids;
  private final long[] full;
  private final long end;

  private BlockHashes(int[] ids, long[] full, long end) {
    this.ids = ids;
    this.full = full;
    this.end = end;
  }

  /** Of a prompt to the model itself. */
  static BlockHashes of(int[] tokens, int blockTokens) {
    return of(tokens, blockTokens, "");
  }

  /** Of a prompt to an adapter, whose KV cache is its own; empty: to the model itself. */
  static BlockHashes of(int[] tokens, int blockTokens, String adapter) {
    var full = new long[tokens.length / blockTokens];
    long hash = START;
    for (int i = 0; i < adapter.length(); i++) {
      hash = fold(hash, adapter.charAt(i));
    }
    for (int i = 0; i < tokens.length; i++) {
      hash = fold(hash, tokens[i]);
      if ((i + 1) % blockTokens == 0) {
        full[i / blockTokens] = hash;
      }
    }
    return new BlockHashes(tokens, full, hash);
  }

  static long fold(long hash, int token) {
    long mixed = (hash ^ token) * 0xff51afd7ed558ccdL;
    return mixed ^ (mixed >>> 32);
  }

  /** Number of tokens hashed. */
  int tokens() {
    return ids.length;
  }

  /** The id of a token. */
  int token(int index) {
    return ids[index];
  }

  int fullBlocks() {
    return full.length;
  }

  long block(int index) {
    return full[index];
  }

  /** Hash over all tokens: where the fold goes on for generated ones. */
  long end() {
    return end;
  }
}
