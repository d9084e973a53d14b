package io.signalbox.host.prefix;

import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.request.BlockHashing;
import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.request.PromptBlocks;
import io.signalbox.host.telemetry.PrefixMetrics;
import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.Endpoint;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of one model that its engines tell of. Any thread looks up without a lock; those that
 * tell wait for each other.
 */
final class EventIndex {
  /*
   * Blocks are called here what a prompt's blocks are called when its token ids are hashed, so that a
   * prompt finds them: each cache translates the names that its engine uses. Caches hold blocks under
   * numbers, as endpoints do in the index that learns: one number for what is on the device, and one more
   * for what is there at all once there are lower tiers. The blocks of all caches together are at most the
   * capacity, so the table never has to make room; what does not fit is refused until engines drop others.
   */

  /** A block that must be brought back first saves less than one that is on the device. */
  static final double LOWER_TIER_WORTH = 0.8;

  /** Block sizes of one model at a time; prompts are hashed once for each. */
  private static final int MOST_BLOCK_SIZES = 4;

  private static final EngineCache[] NO_CACHES = {};

  private final int capacity;
  private final long secret;
  private final BlockHashing hashing;
  private final PrefixMetrics metrics;
  private final ReentrantLock writing = new ReentrantLock();
  private final BitSet numbers = new BitSet();
  private int held;
  private @Nullable BlockTable written;
  private volatile @Nullable BlockTable table;
  private volatile Map<Endpoint, EngineCache[]> caches = Map.of();
  private volatile int[] blockSizes = {};

  /**
   * An index of nothing.
   *
   * @param capacity blocks of all caches together
   * @param secret as {@link BlockTable} wants it
   */
  EventIndex(int capacity, long secret, BlockHashing hashing, PrefixMetrics metrics) {
    this.capacity = capacity;
    this.secret = secret;
    this.hashing = hashing;
    this.metrics = metrics;
  }

  /** The cache of one rank of an endpoint; makes it where it is new. */
  EngineCache cache(RegisteredEndpoint endpoint, int rank) {
    writing.lock();
    try {
      var known = caches.getOrDefault(endpoint, NO_CACHES);
      for (var cache : known) {
        if (cache.rank() == rank) {
          return cache;
        }
      }
      var cache = new EngineCache(this, writing, rank, number());
      var more = Arrays.copyOf(known, known.length + 1);
      more[known.length] = cache;
      var next = new HashMap<>(caches);
      next.put(endpoint, more);
      caches = Map.copyOf(next);
      return cache;
    } finally {
      writing.unlock();
    }
  }

  /** Forgets the caches of endpoints that are not among these. May wait. */
  void retain(Collection<RegisteredEndpoint> endpoints) {
    writing.lock();
    try {
      var kept = new HashMap<>(caches);
      kept.keySet().retainAll(new HashSet<>(endpoints));
      caches.forEach((endpoint, gone) -> {
        if (!kept.containsKey(endpoint)) {
          close(gone);
        }
      });
      caches = Map.copyOf(kept);
    } finally {
      writing.unlock();
    }
  }

  private void close(EngineCache[] gone) {
    for (var cache : gone) {
      cache.close();
      numbers.clear(cache.device());
      if (cache.anywhere() != EngineCache.NONE) {
        numbers.clear(cache.anywhere());
      }
    }
  }

  /** Forgets everything, and frees its memory. May wait. */
  void close() {
    retain(new HashSet<>());
  }

  // For the caches, while they write.

  int number() {
    int free = numbers.nextClearBit(0);
    numbers.set(free);
    return free;
  }

  BlockHashing hashing() {
    return hashing;
  }

  boolean hasRoomFor(int blocks) {
    return held + blocks <= capacity;
  }

  void grew(int blocks) {
    held += blocks;
    metrics.toldBlocks(blocks);
  }

  void usesBlocksOf(int tokens) {
    var sizes = blockSizes;
    if (Arrays.stream(sizes).noneMatch(size -> size == tokens)) {
      var inUse = new TreeMap<Integer, Integer>();
      caches.values().stream()
          .flatMap(Arrays::stream)
          .filter(cache -> cache.blockTokens() > 0)
          .forEach(cache -> inUse.merge(cache.blockTokens(), 1, Integer::sum));
      blockSizes =
          inUse.entrySet().stream()
              .sorted(Map.Entry.<Integer, Integer>comparingByValue().reversed())
              .limit(MOST_BLOCK_SIZES)
              .mapToInt(Map.Entry::getKey)
              .toArray();
    }
  }

  BlockTable table() {
    var known = written;
    if (known == null) {
      known = new BlockTable(capacity, secret);
      written = known;
      table = known;
    }
    return known;
  }

  // For decisions.

  /** Whether any engine ever told anything. */
  boolean isInUse() {
    return !caches.isEmpty();
  }

  /** Whether everything that the endpoint has is known; its engines have told it themselves. */
  boolean knows(Endpoint endpoint) {
    var known = caches.get(endpoint);
    if (known == null) {
      return false;
    }
    for (var cache : known) {
      if (cache.knowledge() == Knowledge.NOTHING) {
        return false;
      }
    }
    return true;
  }

  /**
   * Fills in how many tokens of a prompt each candidate has cached, from the start on, where its
   * engine told: over what was learned where everything is known, and where it is more otherwise.
   *
   * @param into what was learned
   */
  void refine(InferenceRequest request, Candidates candidates, double[] into) {
    var all = caches;
    var found = new EngineCache[candidates.size()][];
    boolean any = false;
    for (int i = 0; i < found.length; i++) {
      found[i] = all.getOrDefault(candidates.endpoint(i), NO_CACHES);
      any |= begin(found[i], into, i);
    }
    var known = table;
    if (any && known != null) {
      for (int size : blockSizes) {
        walk(known, request.tokenBlocks(hashing, size), found, into);
      }
    }
  }

  /** Whether anything is known of the endpoint's caches; what was learned does not count then. */
  private static boolean begin(EngineCache[] caches, double[] into, int index) {
    boolean all = caches.length > 0;
    boolean any = false;
    for (var cache : caches) {
      any |= cache.knowledge() != Knowledge.NOTHING;
      all &= cache.knowledge() == Knowledge.ALL;
    }
    if (all) {
      into[index] = 0;
    }
    return any;
  }

  /** As {@link PrefixIndex#cachedTokens} does, stretch by stretch of blocks with equal holders. */
  private static void walk(
      BlockTable table, PromptBlocks blocks, EngineCache[][] found, double[] into) {
    int length = blocks.size();
    int depth = 1;
    var holders = length == 0 ? EndpointSet.NONE : table.holders(blocks.hash(0));
    while (!holders.isEmpty()) {
      int last = table.lastHeldBy(holders, blocks, depth, length);
      var deeper = last == length ? EndpointSet.NONE : table.holders(blocks.hash(last));
      double tokens = last * blocks.tokensPerBlock();
      for (int i = 0; i < found.length; i++) {
        for (var cache : found[i]) {
          if (cache.knowledge() != Knowledge.NOTHING) {
            into[i] = Math.max(into[i], ends(cache, holders, deeper) * tokens);
          }
        }
      }
      depth = last + 1;
      holders = deeper;
    }
  }

  /** What a token is worth to a cache whose blocks end here, 0 where they do not. */
  private static double ends(EngineCache cache, EndpointSet holders, EndpointSet deeper) {
    int device = cache.device();
    if (holders.contains(device) && !deeper.contains(device)) {
      return 1;
    }
    int anywhere = cache.anywhere();
    return anywhere != EngineCache.NONE && holders.contains(anywhere) && !deeper.contains(anywhere)
        ? LOWER_TIER_WORTH
        : 0;
  }
}
