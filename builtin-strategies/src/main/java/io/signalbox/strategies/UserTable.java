package io.signalbox.strategies;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The counters of users, shared by all event loops. Finding one takes no lock.
 *
 * <p>Bounded. When it is full, those leave who have nothing in flight and were served no more than
 * the mean of such users, at most every 250 ms; a user for whom there is no room is not counted
 * until one leaves.
 */
final class UserTable {
  /** Names are the clients' to choose; what is longer counts as its beginning. */
  static final int MAX_NAME_CHARACTERS = 256;

  private static final long SWEEP_NANOS = 250_000_000;
  private static final long NEVER = Long.MIN_VALUE;

  private final int capacity;
  private final Map<String, UserTokens> users = new ConcurrentHashMap<>();
  private final AtomicLong sweptAt = new AtomicLong(NEVER);

  UserTable(int capacity) {
    this.capacity = capacity;
  }

  /** The counter of a user; null for one who is not counted. */
  @Nullable UserTokens find(String user) {
    return users.get(name(user));
  }

  /**
   * The counter of a user, with one more request in flight; null where there is no room.
   *
   * @param tokens what the request is expected to cost
   * @param now as {@link System#nanoTime()}
   */
  @Nullable UserTokens enter(String user, double tokens, long now) {
    var name = name(user);
    while (true) {
      var counter = users.get(name);
      if (counter == null) {
        if (users.size() >= capacity) {
          sweep(now);
          if (users.size() >= capacity) {
            return null;
          }
        }
        // Threads that come together may go beyond the capacity, each by one.
        counter = users.computeIfAbsent(name, absent -> new UserTokens());
      }
      if (counter.enter(tokens)) {
        return counter;
      }
      users.remove(name, counter);
    }
  }

  private void sweep(long now) {
    long last = sweptAt.get();
    boolean early = last != NEVER && now - last < SWEEP_NANOS;
    if (early || !sweptAt.compareAndSet(last, now)) {
      return;
    }
    long slot = UserTokens.slot(now);
    double mean = meanOfIdle(slot);
    users
        .values()
        .removeIf(counter -> counter.total(slot, UserTokens.SLOTS) <= mean && counter.retire());
  }

  private double meanOfIdle(long slot) {
    double sum = 0;
    int idle = 0;
    for (var counter : users.values()) {
      if (counter.inFlight() == 0) {
        sum += counter.total(slot, UserTokens.SLOTS);
        idle++;
      }
    }
    return sum / idle;
  }

  private static String name(String user) {
    return user.length() <= MAX_NAME_CHARACTERS ? user : user.substring(0, MAX_NAME_CHARACTERS);
  }

  /** How many users have counters. */
  int size() {
    return users.size();
  }

  /** What the least and the most served users were served; all 0 where nobody was. */
  Range range(long slot, int window) {
    double least = Double.POSITIVE_INFINITY;
    double most = 0;
    double leastActive = Double.POSITIVE_INFINITY;
    for (var counter : users.values()) {
      double total = counter.total(slot, window);
      if (total > 0) {
        least = Math.min(least, total);
        most = Math.max(most, total);
      }
      if (counter.inFlight() > 0) {
        leastActive = Math.min(leastActive, total);
      }
    }
    return new Range(
        Double.isInfinite(least) ? 0 : least,
        most,
        Double.isInfinite(leastActive) ? 0 : leastActive);
  }

  /**
   * Weighted tokens over users.
   *
   * @param least of users who were served any
   * @param leastActive of users with a request in flight
   */
  record Range(double least, double most, double leastActive) {
    /** Nobody was served anything. */
    static final Range NOBODY = new Range(0, 0, 0);
  }
}
