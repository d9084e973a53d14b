package io.signalbox.host.chain;

import io.signalbox.host.telemetry.FlowControlMetrics;
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
  private final FlowControlMetrics metrics;
  private final Map<Key, RequestQueue> queues = new ConcurrentHashMap<>();

  private record Key(String model, String rule) {}

  /**
   * No queues yet.
   *
   * @param nanoTime monotonic, as {@link System#nanoTime()}
   */
  public Queues(LongSupplier nanoTime, FlowControlMetrics metrics) {
    this.nanoTime = nanoTime;
    this.metrics = metrics;
  }

  /** The same, of which nobody reads the meters. */
  public Queues(LongSupplier nanoTime) {
    this(nanoTime, FlowControlMetrics.unread());
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
              ? queues.computeIfAbsent(
                  key, missing -> new RequestQueue(line(model, rule), nanoTime))
              : null;
    }
    return queue;
  }

  private WaitingLine line(String model, QueueRule rule) {
    return switch (rule) {
      case QueueRule.OfStrategy ofStrategy -> new RankedLine(ofStrategy, nanoTime);
      case QueueRule.Fair fair -> new FairLine(model, fair, metrics, nanoTime);
    };
  }

  /** How many queues there are. */
  int size() {
    return queues.size();
  }

  /** Whether there is none. */
  boolean isEmpty() {
    return queues.isEmpty();
  }

  private void makeRoom() {
    if (queues.size() >= MAX_QUEUES) {
      queues.values().removeIf(RequestQueue::isIdle);
    }
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
