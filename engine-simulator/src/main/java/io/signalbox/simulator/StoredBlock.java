package io.signalbox.simulator;

import org.jspecify.annotations.Nullable;

/**
 * A full block in the KV cache.
 *
 * <p>A class and not a record, since it holds an array.
 */
final class StoredBlock {
  private final long hash;
  private final @Nullable Long parent;
  private final int[] tokens;
  private final String adapter;

  /**
   * A block.
   *
   * @param parent the hash of the block before; null at the beginning of a prompt
   * @param adapter empty: of the model itself
   */
  StoredBlock(long hash, @Nullable Long parent, int[] tokens, String adapter) {
    this.hash = hash;
    this.parent = parent;
    this.tokens = tokens;
    this.adapter = adapter;
  }

  long hash() {
    return hash;
  }

  @Nullable Long parent() {
    return parent;
  }

  int[] tokens() {
    return tokens;
  }

  String adapter() {
    return adapter;
  }
}
