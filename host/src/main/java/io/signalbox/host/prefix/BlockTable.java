package io.signalbox.host.prefix;

import io.signalbox.host.request.PromptBlocks;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Blocks of prompts and who holds them. One thread at a time writes; any thread may read meanwhile,
 * without a lock.
 */
final class BlockTable {
  /*
   * A hash table with chaining, laid out in arrays: a block is a slot, buckets[] leads to a slot and
   * next[] to the others of its bucket. The hash of a block covers the whole prompt up to its end, so
   * the flat table is a tree: who holds a block holds all blocks before it.
   *
   * Slots in use also form a ring, newer/older, that meets itself at the sentinel `capacity`. A prompt
   * that is learned puts all its blocks at the new end, the last block first. So a block is always newer
   * than every block that continues it, the oldest block is continued by none, and eviction takes leaves
   * only.
   *
   * A reader may meet a slot that is being used for another block. The writer empties holders before it
   * changes the hash, and fills them after; the reader looks at the hash before and after it takes the
   * holders. So it sees holders of its block, or nobody. A chain that changes under it may lead it astray;
   * then it sees nobody, or gives up after LONGEST_CHAIN. Either way an endpoint is taken for one that
   * knows less than it does, once. Where a slot goes to another block and comes back while one reader
   * looks, it may see a holder of the other, and take an endpoint for one that knows more, once: seldom
   * enough not to pay for a version in each slot.
   *
   * 28 bytes for a block, 4 to 8 for its bucket. Blocks of one stretch of a prompt share one EndpointSet.
   * Looking up is O(1); learning O(blocks of the prompt); removing an endpoint O(blocks in use).
   *
   * hold() and release() are for blocks that engines tell of one by one, in O(1). Such blocks are in no
   * ring, and never make room for others: who tells them sees to it that they are not more than fit. A
   * table has either kind. Engines drop the ends of prompts first too; where one does not, halving may
   * step over the gap and take it for cached. Changes of sets that come again and again, as they do along
   * a prompt, are remembered in memo, so that blocks share sets there too.
   */
  private static final int NONE = -1;
  private static final int LONGEST_CHAIN = 64;
  private static final int MEMOS = 256;

  private static final VarHandle INTS = MethodHandles.arrayElementVarHandle(int[].class);
  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle SETS = MethodHandles.arrayElementVarHandle(EndpointSet[].class);

  private final int capacity;
  private final long multiplier;
  private final int shift;
  private final int[] buckets;
  private final int[] next;
  private final long[] hashes;
  private final EndpointSet[] holders;
  private final int[] newer;
  private final int[] older;
  private final List<EndpointSet> singles = new ArrayList<>();
  private final @Nullable Memo[] memo = new @Nullable Memo[MEMOS];
  private int[] slots = new int[0];
  private int free = NONE;
  private int fresh;
  private int size;
  private long evicted;

  /**
   * An empty table.
   *
   * @param capacity blocks it holds at most
   * @param secret decides which blocks share a bucket, which clients must not be able to choose
   */
  BlockTable(int capacity, long secret) {
    this.capacity = capacity;
    multiplier = secret | 1;
    int bits = Math.max(1, Integer.SIZE - Integer.numberOfLeadingZeros(capacity - 1));
    shift = Long.SIZE - bits;
    buckets = new int[1 << bits];
    Arrays.fill(buckets, NONE);
    next = new int[capacity];
    hashes = new long[capacity];
    holders = new EndpointSet[capacity];
    Arrays.fill(holders, EndpointSet.NONE);
    newer = new int[capacity + 1];
    older = new int[capacity + 1];
    newer[capacity] = capacity;
    older[capacity] = capacity;
  }

  /** Who holds a block, and so everything before it. Any thread. */
  EndpointSet holders(long hash) {
    int slot = (int) INTS.getAcquire(buckets, bucket(hash));
    for (int step = 0; slot != NONE && step < LONGEST_CHAIN; step++) {
      if ((long) LONGS.getAcquire(hashes, slot) == hash) {
        var found = (EndpointSet) SETS.getAcquire(holders, slot);
        return (long) LONGS.getAcquire(hashes, slot) == hash ? found : EndpointSet.NONE;
      }
      slot = (int) INTS.getAcquire(next, slot);
    }
    return EndpointSet.NONE;
  }

  /**
   * How many blocks of a prompt exactly these endpoints hold. Since who holds a block holds those
   * before it, halving finds the last. Any thread.
   *
   * @param from so many blocks they are known to hold, at least 1
   * @param length blocks to look at
   */
  int lastHeldBy(EndpointSet set, PromptBlocks blocks, int from, int length) {
    int held = from;
    int notHeld = length + 1;
    while (notHeld - held > 1) {
      int middle = (held + notHeld) >>> 1;
      if (holders(blocks.hash(middle - 1)).sameAs(set)) {
        held = middle;
      } else {
        notHeld = middle;
      }
    }
    return held;
  }

  /** Blocks in use. */
  int size() {
    return size;
  }

  /** Blocks that made room for others, since the start. */
  long evicted() {
    return evicted;
  }

  /**
   * An endpoint holds a prompt from now on; of one with more blocks than fit, the beginning.
   *
   * @return how many blocks of the prompt, from the start on, it held before
   */
  int learn(PromptBlocks blocks, int endpoint) {
    int length = Math.min(blocks.size(), capacity);
    if (slots.length < length) {
      slots = new int[length];
    }
    takeOut(blocks, length);
    int held = hold(length, endpoint);
    for (int i = length - 1; i >= 0; i--) {
      unlink(slots[i]);
      linkNewest(slots[i]);
    }
    return held;
  }

  /** Finds or makes the slots of a prompt, and takes them out of the ring: they are not evicted. */
  private void takeOut(PromptBlocks blocks, int length) {
    int known = 0;
    while (known < length && (slots[known] = find(blocks.hash(known))) != NONE) {
      unlink(slots[known++]);
    }
    for (int i = known; i < length; i++) {
      slots[i] = find(blocks.hash(i));
      if (slots[i] == NONE) {
        slots[i] = add(blocks.hash(i));
      } else {
        unlink(slots[i]);
      }
    }
  }

  private int hold(int length, int endpoint) {
    int held = 0;
    var before = EndpointSet.NONE;
    var after = single(endpoint);
    for (int i = 0; i < length; i++) {
      var set = holders[slots[i]];
      if (set.contains(endpoint)) {
        held += held == i ? 1 : 0;
      } else {
        if (!set.sameAs(before)) {
          before = set;
          after = set.isEmpty() ? single(endpoint) : set.with(endpoint);
        }
        SETS.setRelease(holders, slots[i], after);
      }
    }
    return held;
  }

  /** An endpoint holds this block from now on. */
  void hold(long hash, int endpoint) {
    int slot = find(hash);
    if (slot == NONE) {
      SETS.setRelease(holders, add(hash), single(endpoint));
    } else if (!holders[slot].contains(endpoint)) {
      SETS.setRelease(holders, slot, toggled(holders[slot], endpoint));
    }
  }

  /** An endpoint no longer holds this block. */
  void release(long hash, int endpoint) {
    int slot = find(hash);
    if (slot == NONE || !holders[slot].contains(endpoint)) {
      return;
    }
    var left = toggled(holders[slot], endpoint);
    SETS.setRelease(holders, slot, left);
    if (left.isEmpty()) {
      drop(slot);
    }
  }

  /** A change of a set that was made before. */
  private record Memo(EndpointSet before, int endpoint, EndpointSet after) {}

  private EndpointSet toggled(EndpointSet before, int endpoint) {
    int at = (before.hash() + endpoint) & (MEMOS - 1);
    var known = memo[at];
    if (known != null && known.endpoint() == endpoint && known.before().sameAs(before)) {
      return known.after();
    }
    var after = before.contains(endpoint) ? before.without(endpoint) : before.with(endpoint);
    if (after.size() == 1) {
      after = single(after.first());
    }
    memo[at] = new Memo(before, endpoint, after);
    return after;
  }

  private EndpointSet single(int endpoint) {
    while (singles.size() <= endpoint) {
      singles.add(EndpointSet.NONE.with(singles.size()));
    }
    return singles.get(endpoint);
  }

  /** An endpoint holds nothing any more. */
  void remove(int endpoint) {
    var before = EndpointSet.NONE;
    var after = EndpointSet.NONE;
    for (int slot = older[capacity]; slot != capacity; ) {
      int olderSlot = older[slot];
      var set = holders[slot];
      if (set.contains(endpoint)) {
        if (!set.sameAs(before)) {
          before = set;
          after = set.without(endpoint);
        }
        SETS.setRelease(holders, slot, after);
        if (after.isEmpty()) {
          drop(slot);
        }
      }
      slot = olderSlot;
    }
  }

  private int bucket(long hash) {
    return (int) ((hash * multiplier) >>> shift);
  }

  private int find(long hash) {
    int slot = buckets[bucket(hash)];
    while (slot != NONE && hashes[slot] != hash) {
      slot = next[slot];
    }
    return slot;
  }

  private int add(long hash) {
    int slot = emptySlot();
    LONGS.setRelease(hashes, slot, hash);
    int bucket = bucket(hash);
    INTS.setRelease(next, slot, buckets[bucket]);
    INTS.setRelease(buckets, bucket, slot);
    newer[slot] = slot;
    older[slot] = slot;
    size++;
    return slot;
  }

  private int emptySlot() {
    if (free == NONE && fresh == capacity) {
      evicted++;
      drop(newer[capacity]);
    }
    if (free == NONE) {
      return fresh++;
    }
    int slot = free;
    free = older[slot];
    return slot;
  }

  private void drop(int slot) {
    SETS.setRelease(holders, slot, EndpointSet.NONE);
    unlink(slot);
    int bucket = bucket(hashes[slot]);
    if (buckets[bucket] == slot) {
      INTS.setRelease(buckets, bucket, next[slot]);
    } else {
      int before = buckets[bucket];
      while (next[before] != slot) {
        before = next[before];
      }
      INTS.setRelease(next, before, next[slot]);
    }
    older[slot] = free;
    free = slot;
    size--;
  }

  /** Does nothing to a slot that is not in the ring: it is a ring of its own. */
  private void unlink(int slot) {
    newer[older[slot]] = newer[slot];
    older[newer[slot]] = older[slot];
    newer[slot] = slot;
    older[slot] = slot;
  }

  private void linkNewest(int slot) {
    int last = older[capacity];
    older[slot] = last;
    newer[slot] = capacity;
    newer[last] = slot;
    older[capacity] = slot;
  }
}
