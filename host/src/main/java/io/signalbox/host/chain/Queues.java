package io.signalbox.host.chain;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The queues of a host, made where the first request needs one. Safe for any thread. */
public final class Queues {
  /** Clients write chains, and with them keys of queues. */
  static final int MAX_QUEUES = 256;

  private final LongSupplier nanoTime;
  private final Map<Key, RequestQueue> queues = new ConcurrentHashMap<>();

  private record Key(String model, String rule) {}

  /**
   * No queues yet.
   *
   * @param nanoTime monotonic, as {@link System#nanoTime()}
   */
  public Queues(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** How many requests of a model wait. */
  public int waiting(String model) {
    int waiting = 0;
    for (var entry : queues.entrySet()) {
      waiting += entry.getKey().model().equals(model) ? entry.getValue().size() : 0;
    }
    return waiting;
  }

  /** A model's queue; null where there are too many that are not empty. */
  @Nullable RequestQueue find(String model, QueueRule rule) {
    var key = new Key(model, rule.key());
    var queue = queues.get(key);
    if (queue == null) {
      makeRoom();
      queue =
          queues.size() < MAX_QUEUES
              ? queues.computeIfAbsent(key, missing -> new RequestQueue(rule.policy(), nanoTime))
              : null;
    }
    return queue;
  }

  /** How many queues there are. */
  int size() {
    return queues.size();
  }

  private void makeRoom() {
    if (queues.size() >= MAX_QUEUES) {
      queues.values().removeIf(RequestQueue::isIdle);
    }
  }

  /** Whether any request waits. */
  boolean anyWaiting() {
    for (var queue : queues.values()) {
      if (queue.size() > 0) {
        return true;
      }
    }
    return false;
  }

  /** Does something with each queue in which requests wait. */
  void forEachWaiting(Consumer<RequestQueue> action) {
    for (var queue : queues.values()) {
      if (queue.size() > 0) {
        action.accept(queue);
      }
    }
  }
}
