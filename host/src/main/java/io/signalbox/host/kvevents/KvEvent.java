package io.signalbox.host.kvevents;

import io.signalbox.host.prefix.BlockRun;
import io.signalbox.host.prefix.CacheTier;

/** One thing that an engine tells of its KV cache. Immutable. */
sealed interface KvEvent {
  /**
   * Blocks are there.
   *
   * @param adapter the LoRA adapter they were computed with; empty: the model alone
   * @param group which of the caches of a hybrid model they are in; 0 where there is one
   * @param whole whether that cache keeps every block of a prefix, as full attention needs them
   */
  record BlockStored(BlockRun run, String adapter, int group, boolean whole) implements KvEvent {}

  /**
   * Blocks are no longer there.
   *
   * <p>A class and not a record, since it holds an array.
   */
  final class BlockRemoved implements KvEvent {
    private final long[] hashes;
    private final CacheTier tier;
    private final int group;

    BlockRemoved(long[] hashes, CacheTier tier, int group) {
      this.hashes = hashes;
      this.tier = tier;
      this.group = group;
    }

    long[] hashes() {
      return hashes;
    }

    CacheTier tier() {
      return tier;
    }

    int group() {
      return group;
    }
  }

  /** Nothing is there any more. */
  record AllBlocksCleared() implements KvEvent {}
}
