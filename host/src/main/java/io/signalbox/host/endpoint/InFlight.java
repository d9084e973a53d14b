package io.signalbox.host.endpoint;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * How many requests of ours one address has in flight, for how long it had how many, and how many
 * other replicas sent it, as far as they told. Endpoints that share an address, since one engine
 * serves several models, share the count. Safe for any thread.
 */
final class InFlight {
  /*
   * Each change takes the time since the last change for itself, by swapping the time, and adds it
   * with the weight of the count that held during it. Two changes at once take disjoint spans, so
   * nothing is counted twice; at worst a span of nanoseconds gets the weight of a neighbour.
   */
  private final LongSupplier nanoTime;
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicLong settledNanos;
  private final AtomicLong busyNanos = new AtomicLong();
  private volatile int elsewhere;

  InFlight(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.settledNanos = new AtomicLong(nanoTime.getAsLong());
  }

  int get() {
    return requests.get();
  }

  /** Requests that other replicas have in flight here. */
  int elsewhere() {
    return elsewhere;
  }

  void elsewhere(int requests) {
    elsewhere = requests;
  }

  void add() {
    settle(requests.getAndIncrement());
  }

  /** Counts one more where there are fewer than {@code most}, with those of other replicas. */
  boolean addBelow(int most) {
    while (true) {
      int held = requests.get();
      if (held + elsewhere >= most) {
        return false;
      }
      if (requests.compareAndSet(held, held + 1)) {
        settle(held);
        return true;
      }
    }
  }

  void remove() {
    settle(requests.getAndDecrement());
  }

  /**
   * Time with requests in flight so far, weighted: with {@code n} of them a second counts {@code n
   * / (n + 1)} seconds, so that more work is busier, and no second counts more than one.
   */
  long busyNanos() {
    settle(requests.get());
    return busyNanos.get();
  }

  private void settle(int held) {
    long now = nanoTime.getAsLong();
    long span = now - settledNanos.getAndSet(now);
    if (held > 0 && span > 0) {
      busyNanos.getAndAdd(span - span / (held + 1));
    }
  }
}
