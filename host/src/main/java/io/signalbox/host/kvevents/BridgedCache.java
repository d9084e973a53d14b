package io.signalbox.host.kvevents;

import io.signalbox.host.kvevents.KvEvent.AllBlocksCleared;
import io.signalbox.host.kvevents.KvEvent.BlockRemoved;
import io.signalbox.host.kvevents.KvEvent.BlockStored;
import io.signalbox.host.prefix.BlockRun;
import io.signalbox.host.prefix.CacheTier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * All that one engine has, as it told, so that it can be told again. Belongs to the bridge's
 * thread.
 */
final class BridgedCache {
  /** Blocks that are kept; of an engine that has more there are no snapshots. */
  static final int MOST_BLOCKS = 4_000_000;

  /** In the order in which they came, so that a block comes behind the one before it. */
  private final Map<Key, Block> blocks = new LinkedHashMap<>();

  private long last = Feed.UNKNOWN;
  private double at = Double.NEGATIVE_INFINITY;
  private boolean isWhole;
  private boolean changed;

  private record Key(long hash, int group) {}

  /** One block, and how often it is there, by tier. */
  private static final class Block {
    private final BlockStored stored;
    private final int[] copies = new int[CacheTier.values().length];

    private Block(BlockStored stored) {
      this.stored = stored;
    }
  }

  /**
   * A batch was told.
   *
   * @param whole whether all that came before is known
   */
  void taken(long number, KvBatch batch, boolean whole) {
    last = number;
    at = batch.at();
    changed = true;
    batch.events().forEach(this::apply);
    isWhole = whole && blocks.size() <= MOST_BLOCKS;
  }

  /** Nothing is known any more. */
  void forgotten() {
    blocks.clear();
    last = Feed.UNKNOWN;
    isWhole = false;
  }

  private void apply(KvEvent event) {
    switch (event) {
      case AllBlocksCleared _ -> blocks.clear();
      case BlockRemoved removed -> {
        for (long hash : removed.hashes()) {
          remove(new Key(hash, removed.group()), removed.tier().ordinal());
        }
      }
      case BlockStored stored -> {
        for (int i = 0; i < stored.run().size() && blocks.size() <= MOST_BLOCKS; i++) {
          int index = i;
          blocks.computeIfAbsent(
                  new Key(stored.run().hashes()[i], stored.group()),
                  key -> new Block(single(stored, index)))
              .copies[stored.run().tier().ordinal()]++;
        }
      }
    }
  }

  private void remove(Key key, int tier) {
    var block = blocks.get(key);
    if (block != null) {
      block.copies[tier] = Math.max(0, block.copies[tier] - 1);
      if (Arrays.stream(block.copies).sum() == 0) {
        blocks.remove(key);
      }
    }
  }

  private static BlockStored single(BlockStored stored, int index) {
    var run = stored.run();
    int tokens = run.blockTokens();
    return new BlockStored(
        new BlockRun(
            new long[] {run.hashes()[index]},
            index == 0 ? run.parent() : OptionalLong.of(run.hashes()[index - 1]),
            Arrays.copyOfRange(run.tokens(), index * tokens, (index + 1) * tokens),
            new long[] {run.extras()[index]},
            run.tier()),
        stored.adapter(),
        stored.group(),
        stored.whole());
  }

  /** It is to be told again, though it did not change. */
  void isDue() {
    changed = true;
  }

  /** The number of the last batch; {@link Feed#UNKNOWN} where there is none. */
  long last() {
    return last;
  }

  /** When that was, by the engine's clock. */
  double at() {
    return at;
  }

  /** All blocks, each as often as it is there; empty where it is not known, or did not change. */
  Optional<List<BlockStored>> changed() {
    if (!changed || !isWhole) {
      return Optional.empty();
    }
    changed = false;
    var all = new ArrayList<BlockStored>(blocks.size());
    for (var block : blocks.values()) {
      for (var tier : CacheTier.values()) {
        for (int i = 0; i < block.copies[tier.ordinal()]; i++) {
          all.add(in(tier, block.stored));
        }
      }
    }
    return Optional.of(all);
  }

  private static BlockStored in(CacheTier tier, BlockStored stored) {
    var run = stored.run();
    return run.tier() == tier
        ? stored
        : new BlockStored(
            new BlockRun(run.hashes(), run.parent(), run.tokens(), run.extras(), tier),
            stored.adapter(),
            stored.group(),
            stored.whole());
  }
}
