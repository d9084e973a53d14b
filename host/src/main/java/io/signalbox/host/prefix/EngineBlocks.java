package io.signalbox.host.prefix;

import java.util.function.LongConsumer;

/**
 * The blocks that one engine says it has, by its own hashes, and what they are called here. For one
 * thread at a time.
 */
final class EngineBlocks {
  /*
   * A hash table with open addressing and linear probing in three arrays, at most three quarters full.
   * copies[] says how often a block is there, device copies in the low four bits, those of lower tiers in
   * the high four; 0 marks a place that is free. vLLM keeps a block as often as it computed it, and tells of
   * each copy when it comes and when it goes. What is removed is filled from behind, so there are no marks
   * to clear away. 17 bytes for a place, so 23 to 45 for a block. All operations are O(1).
   */
  private static final int FEWEST = 64;
  private static final int MOST_COPIES = 15;
  private static final long MULTIPLIER = 0x9e3779b97f4a7c15L;

  /** What a change made of a block: bits of {@link #put} and {@link #take}. */
  static final int DEVICE_CHANGED = 1;

  /** It is now there in some tier, and was not, or the other way round. */
  static final int PRESENCE_CHANGED = 2;

  private long[] keys = new long[FEWEST];
  private long[] names = new long[FEWEST];
  private byte[] copies = new byte[FEWEST];
  private int size;

  /** Blocks that are there, in whatever tier. */
  int size() {
    return size;
  }

  private int home(long key) {
    return (int) ((key * MULTIPLIER) >>> (Long.numberOfLeadingZeros(keys.length) + 1));
  }

  /** The place of a block, or where it would be. */
  private int place(long key) {
    int mask = keys.length - 1;
    int at = home(key);
    while (copies[at] != 0 && keys[at] != key) {
      at = (at + 1) & mask;
    }
    return at;
  }

  boolean has(long key) {
    return copies[place(key)] != 0;
  }

  /** What the block is called here; meaningless for one that is not there. */
  long name(long key) {
    return names[place(key)];
  }

  /** One copy more; tells what changed. */
  int put(long key, long name, CacheTier tier) {
    int at = place(key);
    int before = copies[at];
    if (before == 0) {
      if (4L * (size + 1) > 3L * keys.length) {
        grow();
        at = place(key);
      }
      keys[at] = key;
      names[at] = name;
      size++;
    }
    copies[at] = (byte) more(before, tier);
    return changed(before, copies[at]);
  }

  /** One copy less; tells what changed, 0 where there is none. */
  int take(long key, CacheTier tier) {
    int at = place(key);
    int before = copies[at];
    int after = less(before, tier);
    copies[at] = (byte) after;
    if (before != 0 && after == 0) {
      size--;
      fill(at);
    }
    return changed(before, after);
  }

  private static int device(int copies) {
    return copies & MOST_COPIES;
  }

  private static int lower(int copies) {
    return (copies >> 4) & MOST_COPIES;
  }

  private static int more(int copies, CacheTier tier) {
    return switch (tier) {
      case DEVICE -> device(copies) == MOST_COPIES ? copies : copies + 1;
      case LOWER -> lower(copies) == MOST_COPIES ? copies : copies + (1 << 4);
    };
  }

  private static int less(int copies, CacheTier tier) {
    return switch (tier) {
      case DEVICE -> device(copies) == 0 ? copies : copies - 1;
      case LOWER -> lower(copies) == 0 ? copies : copies - (1 << 4);
    };
  }

  private static int changed(int before, int after) {
    return ((device(before) == 0) == (device(after) == 0) ? 0 : DEVICE_CHANGED)
        | (((before & 0xff) == 0) == ((after & 0xff) == 0) ? 0 : PRESENCE_CHANGED);
  }

  /** Moves up what would no longer be found over a place that became free. */
  private void fill(int freed) {
    int mask = keys.length - 1;
    int gap = freed;
    for (int at = (gap + 1) & mask; copies[at] != 0; at = (at + 1) & mask) {
      int distance = (at - home(keys[at])) & mask;
      if (distance >= ((at - gap) & mask)) {
        keys[gap] = keys[at];
        names[gap] = names[at];
        copies[gap] = copies[at];
        copies[at] = 0;
        gap = at;
      }
    }
  }

  private void grow() {
    var oldKeys = keys;
    var oldNames = names;
    var oldCopies = copies;
    keys = new long[2 * oldKeys.length];
    names = new long[keys.length];
    copies = new byte[keys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldCopies[i] != 0) {
        int at = place(oldKeys[i]);
        keys[at] = oldKeys[i];
        names[at] = oldNames[i];
        copies[at] = oldCopies[i];
      }
    }
  }

  /** Tells the names of all blocks; of two that are called the same, twice. */
  void forEachName(LongConsumer then) {
    for (int i = 0; i < copies.length; i++) {
      if (copies[i] != 0) {
        then.accept(names[i]);
      }
    }
  }

  /** Nothing is there any more, and the memory is given back. */
  void clear() {
    keys = new long[FEWEST];
    names = new long[FEWEST];
    copies = new byte[FEWEST];
    size = 0;
  }
}
