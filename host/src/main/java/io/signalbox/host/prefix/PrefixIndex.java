package io.signalbox.host.prefix;

import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.request.PromptBlocks;
import io.signalbox.host.telemetry.PrefixMetrics;
import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.Endpoint;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The prefix index of one model. Safe for any thread. */
final class PrefixIndex {
  /*
   * Endpoints have numbers from 0 on, so that a set of them is a few bits. A number is given again only
   * after the endpoint that had it was taken out of the table.
   *
   * Whoever learns puts the prompt into a queue, and whoever then gets the lock empties it. So one
   * thread at a time writes, and an event loop never waits: while another thread writes, its prompt is
   * that thread's work. Only retain() and close() wait for the lock; event loops do not call them.
   */
  private static final int MAX_WAITING = 1024;

  /**
   * Memory of up to so many blocks is taken with the first prompt, on an event loop, in a
   * millisecond or two. Who configures more will use it, and it is taken where nobody waits.
   */
  private static final int MOST_LATE_BLOCKS = 250_000;

  private final String model;
  private final int capacity;
  private final long secret;
  private final PrefixMetrics metrics;
  private final ReentrantLock writing = new ReentrantLock();
  private final ConcurrentLinkedQueue<Learned> learned = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile Map<Endpoint, Integer> numbers = Map.of();
  private volatile @Nullable BlockTable table;
  private boolean closed;

  /** A prompt that an endpoint accepted. */
  private record Learned(PromptBlocks blocks, Endpoint endpoint) {}

  /**
   * An index that knows no endpoint.
   *
   * @param capacity blocks it holds at most
   * @param secret as {@link BlockTable} wants it
   */
  PrefixIndex(String model, int capacity, long secret, PrefixMetrics metrics) {
    this.model = model;
    this.capacity = capacity;
    this.secret = secret;
    this.metrics = metrics;
  }

  /**
   * Fills in how many tokens of a prompt each candidate has cached, from the start on; 0 where
   * nothing is known of it. Allocates nothing.
   *
   * @param into at least {@code candidates.size()} long
   */
  void cachedTokens(PromptBlocks blocks, Candidates candidates, double[] into) {
    var known = table;
    if (known == null || blocks.size() == 0) {
      Arrays.fill(into, 0, candidates.size(), 0);
      return;
    }
    number(candidates, into);
    int length = Math.min(blocks.size(), capacity);
    int depth = 1;
    var holders = known.holders(blocks.hash(0));
    while (!holders.isEmpty()) {
      int last = known.lastHeldBy(holders, blocks, depth, length);
      var deeper = last == length ? EndpointSet.NONE : known.holders(blocks.hash(last));
      for (int i = 0; i < candidates.size(); i++) {
        int number = numberOf(into[i]);
        if (number >= 0 && holders.contains(number) && !deeper.contains(number)) {
          into[i] = last * blocks.tokensPerBlock();
        }
      }
      depth = last + 1;
      holders = deeper;
    }
    for (int i = 0; i < candidates.size(); i++) {
      into[i] = Math.max(into[i], 0);
    }
  }

  /**
   * Until a candidate's tokens are known its number stands in their place, as {@code -1 - number};
   * 0 for one that has none.
   */
  private void number(Candidates candidates, double[] into) {
    var known = numbers;
    for (int i = 0; i < candidates.size(); i++) {
      var number = known.get(candidates.endpoint(i));
      into[i] = number == null ? 0 : -1 - number;
    }
  }

  private static int numberOf(double standIn) {
    return (int) (-1 - standIn);
  }

  /** An endpoint accepted a prompt. May do the work of others who learn; does not wait. */
  void learn(PromptBlocks blocks, Endpoint endpoint) {
    if (waiting.incrementAndGet() > MAX_WAITING) {
      waiting.decrementAndGet();
      metrics.dropped();
      return;
    }
    learned.add(new Learned(blocks, endpoint));
    write();
  }

  /** Who fails to get the lock leaves the queue to who has it, and who looks again after. */
  private void write() {
    while (!learned.isEmpty() && writing.tryLock()) {
      try {
        writeWaiting();
      } finally {
        writing.unlock();
      }
    }
  }

  private void writeWaiting() {
    for (var next = learned.poll(); next != null; next = learned.poll()) {
      waiting.decrementAndGet();
      var number = numbers.get(next.endpoint());
      if (number != null && !closed) {
        write(next.blocks(), number);
      }
    }
  }

  private void write(PromptBlocks blocks, int number) {
    var known = table;
    if (known == null) {
      known = new BlockTable(capacity, secret);
      table = known;
    }
    int size = known.size();
    long evicted = known.evicted();
    int held = known.learn(blocks, number);
    metrics.resized(known.size() - size);
    metrics.evicted(known.evicted() - evicted);
    double perBlock = blocks.tokensPerBlock();
    metrics.learned(model, blocks.size() * perBlock, held * perBlock);
  }

  /** Forgets endpoints that are not among these, and can learn of those that are. May wait. */
  void retain(Collection<RegisteredEndpoint> endpoints) {
    writing.lock();
    try {
      if (table == null && capacity > MOST_LATE_BLOCKS) {
        table = new BlockTable(capacity, secret);
      }
      var kept = new HashMap<>(numbers);
      kept.keySet().retainAll(new HashSet<>(endpoints));
      forget(kept);
      // A number that is free now is free of blocks, and new endpoints may have it.
      var taken = new HashSet<>(kept.values());
      int free = 0;
      for (var endpoint : endpoints) {
        if (!kept.containsKey(endpoint)) {
          while (taken.contains(free)) {
            free++;
          }
          kept.put(endpoint, free++);
        }
      }
      numbers = kept;
    } finally {
      writing.unlock();
    }
    write();
  }

  private void forget(Map<Endpoint, Integer> kept) {
    var known = table;
    if (known == null) {
      return;
    }
    int size = known.size();
    numbers.forEach((endpoint, number) -> {
      if (!kept.containsKey(endpoint)) {
        known.remove(number);
      }
    });
    metrics.resized(known.size() - size);
  }

  /** Learns no more, and frees its memory. May wait. */
  void close() {
    writing.lock();
    try {
      closed = true;
      var known = table;
      if (known != null) {
        table = null;
        metrics.resized(-known.size());
      }
    } finally {
      writing.unlock();
    }
  }
}
