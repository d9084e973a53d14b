package io.signalbox.host.prefix;

import java.util.concurrent.locks.ReentrantLock;

/**
 * One engine's KV cache as it tells of it, in the index of one model: an endpoint has one for each
 * of its data-parallel ranks. Told by one thread at a time, which may have to wait for those of
 * other engines; {@link #knowledge()} and the counts may be asked by any.
 */
public final class EngineCache {
  /** No set of lower tiers is kept: everything is on the device. */
  static final int NONE = -1;

  private final EventIndex index;
  private final ReentrantLock writing;
  private final EngineBlocks blocks = new EngineBlocks();
  private final int rank;
  private final int device;
  private volatile int anywhere = NONE;
  private long[] names = new long[0];
  private volatile int blockTokens;
  private volatile Knowledge knowledge = Knowledge.NOTHING;
  private boolean closed;

  /** What became of blocks that an engine told of. */
  public enum Stored {
    /** They are known. */
    KNOWN,
    /** The block before them is not, so nobody can say what they are. */
    ORPHANED,
    /** There is no room for more. */
    REFUSED
  }

  /**
   * The cache of one engine.
   *
   * @param device its number among those who hold blocks
   */
  EngineCache(EventIndex index, ReentrantLock writing, int rank, int device) {
    this.index = index;
    this.writing = writing;
    this.rank = rank;
    this.device = device;
  }

  /** Blocks are there. */
  public Stored stored(BlockRun run) {
    writing.lock();
    try {
      if (closed) {
        return Stored.REFUSED;
      }
      if (run.parent().isPresent() && !blocks.has(run.parent().getAsLong())) {
        return Stored.ORPHANED;
      }
      if (!index.hasRoomFor(run.size())) {
        return Stored.REFUSED;
      }
      use(run.blockTokens());
      if (run.tier() == CacheTier.LOWER) {
        trackLowerTiers();
      }
      hold(run);
      return Stored.KNOWN;
    } finally {
      writing.unlock();
    }
  }

  private void hold(BlockRun run) {
    var hashing = index.hashing();
    long parent = run.parent().isPresent() ? blocks.name(run.parent().getAsLong()) : hashing.seed();
    if (names.length < run.size()) {
      names = new long[run.size()];
    }
    hashing.chain(parent, run.tokens(), run.size(), run.extras(), names);
    var table = index.table();
    int before = blocks.size();
    for (int i = 0; i < run.size(); i++) {
      int changed = blocks.put(run.hashes()[i], names[i], run.tier());
      if ((changed & EngineBlocks.DEVICE_CHANGED) != 0) {
        table.hold(names[i], device);
      }
      if ((changed & EngineBlocks.PRESENCE_CHANGED) != 0 && anywhere != NONE) {
        table.hold(names[i], anywhere);
      }
    }
    index.grew(blocks.size() - before);
  }

  private void use(int tokens) {
    if (blockTokens != tokens) {
      blockTokens = tokens;
      index.usesBlocksOf(tokens);
    }
  }

  /** From the first block in a lower tier on there are two sets: what is on the device, and all. */
  private void trackLowerTiers() {
    if (anywhere == NONE) {
      anywhere = index.number();
      var table = index.table();
      int number = anywhere;
      blocks.forEachName(name -> table.hold(name, number));
    }
  }

  /**
   * Blocks are no longer there.
   *
   * @return how many of them were not known
   */
  public int removed(long[] hashes, CacheTier tier) {
    writing.lock();
    try {
      var table = index.table();
      int unknown = 0;
      int before = blocks.size();
      for (long hash : hashes) {
        long name = blocks.name(hash);
        int changed = blocks.take(hash, tier);
        unknown += changed == 0 && !blocks.has(hash) ? 1 : 0;
        if ((changed & EngineBlocks.DEVICE_CHANGED) != 0) {
          table.release(name, device);
        }
        if ((changed & EngineBlocks.PRESENCE_CHANGED) != 0 && anywhere != NONE) {
          table.release(name, anywhere);
        }
      }
      index.grew(blocks.size() - before);
      return unknown;
    } finally {
      writing.unlock();
    }
  }

  /** Nothing is there any more. */
  public void cleared() {
    writing.lock();
    try {
      var table = index.table();
      blocks.forEachName(name -> {
        table.release(name, device);
        if (anywhere != NONE) {
          table.release(name, anywhere);
        }
      });
      int before = blocks.size();
      blocks.clear();
      index.grew(-before);
    } finally {
      writing.unlock();
    }
  }

  /** Says how much is known from now on. */
  public void knowledge(Knowledge now) {
    knowledge = now;
  }

  /** How much is known. */
  public Knowledge knowledge() {
    return knowledge;
  }

  /** Forgets all, and takes no more. */
  void close() {
    cleared();
    knowledge = Knowledge.NOTHING;
    closed = true;
  }

  /** Tokens of one block, as last told; 0 where nothing was. */
  int blockTokens() {
    return blockTokens;
  }

  /** The data-parallel rank. */
  int rank() {
    return rank;
  }

  /** Its number among those who hold blocks on their devices. */
  int device() {
    return device;
  }

  /** The same for those who hold them in whatever tier; {@link #NONE} while it has one tier. */
  int anywhere() {
    return anywhere;
  }
}
