package io.signalbox.simulator;

/** The KV blocks of one sequence, in token order. Confined to the thread of its scheduler. */
final class BlockLease {
  private final BlockCache cache;
  private final int[] blocks;
  private int size;
  private int sealed;

  BlockLease(BlockCache cache, int total) {
    this.cache = cache;
    this.blocks = new int[total];
  }

  /** Adds a block found by its content: full and known. */
  void add(int block) {
    blocks[size++] = block;
    sealed++;
  }

  int size() {
    return size;
  }

  int block(int index) {
    return blocks[index];
  }

  /** Allocates promised blocks until there are {@code count}. */
  void growTo(int count) {
    while (size < count) {
      blocks[size++] = cache.allocate();
    }
  }

  /** Blocks whose content is known. */
  int sealed() {
    return sealed;
  }

  /** Says what the first block not yet sealed holds; as {@link BlockCache#seal}. */
  boolean sealNext(long hash) {
    return cache.seal(blocks[sealed++], hash);
  }

  /** As {@link BlockCache#stored}. */
  void stored(StoredBlock block) {
    cache.stored(block);
  }

  /**
   * Gives everything back, last block first: the start of a prefix is worth most and is evicted
   * last.
   */
  void release() {
    for (int i = size - 1; i >= 0; i--) {
      cache.release(blocks[i]);
    }
    cache.dropPromises(blocks.length - size);
  }
}
