package io.signalbox.simulator;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The KV cache: a fixed number of blocks, shared by prefix, reused in least-recently-used order.
 *
 * <p>Confined to the thread of its scheduler.
 */
final class BlockCache {
  /*
   * A block is referenced (by one or more leases) or free. Free blocks form a ring through previous/next whose head and tail meet
   * at the sentinel `blocks`; allocation takes the head. A block with known content ("sealed") keeps it while it is free and can be
   * found by its hash until it is allocated again: it goes to the tail when released, a block without known content to the head.
   *
   * Admission promises blocks that are allocated later, as tokens are computed. Invariant: promised <= free, so a promise is
   * always kept and nothing is ever preempted.
   *
   * Every operation is O(1) per block.
   */
  private final int blocks;
  private final int[] references;
  private final int[] previous;
  private final int[] next;
  private final long[] hashes;
  private final boolean[] sealed;
  private final Map<Long, Integer> byHash = new HashMap<>();
  private final KvEventLog log;
  private int free;
  private int promised;

  BlockCache(int blocks) {
    this(blocks, KvEventLog.NONE);
  }

  /** A cache that writes down what becomes known and what is forgotten. */
  BlockCache(int blocks, KvEventLog log) {
    this.log = log;
    this.blocks = blocks;
    references = new int[blocks];
    previous = new int[blocks + 1];
    next = new int[blocks + 1];
    hashes = new long[blocks];
    sealed = new boolean[blocks];
    Arrays.setAll(previous, i -> i == 0 ? blocks : i - 1);
    Arrays.setAll(next, i -> i == blocks ? 0 : i + 1);
    free = blocks;
  }

  /**
   * Reserves blocks for a sequence that will need {@code total} of them, and takes those of its
   * prefix that are cached.
   *
   * @param reusable how many leading blocks of the prompt may come from the cache
   * @return empty when there is no room now
   */
  Optional<BlockLease> reserve(BlockHashes prompt, int reusable, int total) {
    var lease = new BlockLease(this, total);
    int idleHits = 0;
    for (int i = 0; i < reusable; i++) {
      Integer block = byHash.get(prompt.block(i));
      if (block == null) {
        break;
      }
      lease.add(block);
      idleHits += references[block] == 0 ? 1 : 0;
    }
    int missing = total - lease.size();
    if (missing + idleHits > free - promised) {
      return Optional.empty();
    }
    for (int i = 0; i < lease.size(); i++) {
      reference(lease.block(i));
    }
    promised += missing;
    return Optional.of(lease);
  }

  /** Allocates one promised block, forgetting what it held. */
  int allocate() {
    int block = next[blocks];
    if (sealed[block]) {
      byHash.remove(hashes[block]);
      log.add(new KvEvent.Removed(hashes[block]));
      sealed[block] = false;
    }
    promised--;
    reference(block);
    return block;
  }

  /**
   * Makes a full block's content known; when an equal block is known already, this one stays
   * private.
   *
   * @return whether that is to be written down, by {@link #stored}
   */
  boolean seal(int block, long hash) {
    if (byHash.putIfAbsent(hash, block) != null) {
      return false;
    }
    hashes[block] = hash;
    sealed[block] = true;
    return log.isKept();
  }

  /** Writes down what became known. */
  void stored(StoredBlock block) {
    log.add(new KvEvent.Stored(block));
  }

  void release(int block) {
    if (--references[block] == 0) {
      int before = sealed[block] ? previous[blocks] : blocks;
      link(before, block, next[before]);
      free++;
    }
  }

  void dropPromises(int count) {
    promised -= count;
  }

  /** Blocks in use over all blocks, 0 to 1. */
  double usageRatio() {
    return (double) (blocks - free) / blocks;
  }

  /** Blocks not in use, whether or not they hold reusable content. */
  int free() {
    return free;
  }

  private void reference(int block) {
    if (references[block]++ == 0) {
      next[previous[block]] = next[block];
      previous[next[block]] = previous[block];
      free--;
    }
  }

  private void link(int before, int block, int after) {
    previous[block] = before;
    next[block] = after;
    next[before] = block;
    previous[after] = block;
  }
}
