package io.signalbox.host.limits;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What is left for one user, model or endpoint. Safe for any thread, without locks. */
final class Allowance {
  /*
   * Whoever takes anything is inside, from enter() to leave(). Somebody who wants to forget an
   * allowance that is full closes it while nobody is inside, looks once more, and opens it again where
   * it is not full after all: what was taken is never forgotten.
   */
  private static final int CLOSED = -1;

  private final AtomicInteger inside = new AtomicInteger();
  private final Bucket perMinute;
  private final Bucket perSecond;
  private final Bucket tokens;

  /** All is left. */
  Allowance(long nowNanos) {
    perMinute = new Bucket(nowNanos);
    perSecond = new Bucket(nowNanos);
    tokens = new Bucket(nowNanos);
  }

  /**
   * Counts one more request.
   *
   * @return how many there are with it; 0 where this is closed
   */
  int enter() {
    while (true) {
      int count = inside.get();
      if (count == CLOSED) {
        return 0;
      }
      if (inside.compareAndSet(count, count + 1)) {
        return count + 1;
      }
    }
  }

  /** A request that was counted is over. */
  void leave() {
    inside.decrementAndGet();
  }

  /** How many requests there are. */
  int inside() {
    return Math.max(0, inside.get());
  }

  /**
   * Takes a request that entered and its tokens from all buckets, or from none.
   *
   * @param count what {@link #enter} said
   * @return null where they were taken
   */
  @Nullable Shortage take(Quota quota, int count, long amount, long nowNanos) {
    return count > quota.concurrency()
        ? new Shortage(Limit.CONCURRENCY, Shortage.UNKNOWN)
        : take(quota, amount, nowNanos);
  }

  /** The same where others count how many requests there are. */
  @Nullable Shortage take(Quota quota, long amount, long nowNanos) {
    var shortage = take(quota, Limit.REQUESTS_PER_SECOND, 1, nowNanos);
    if (shortage != null) {
      return shortage;
    }
    shortage = take(quota, Limit.REQUESTS_PER_MINUTE, 1, nowNanos);
    if (shortage != null) {
      giveBack(quota, Limit.REQUESTS_PER_SECOND, 1, nowNanos);
      return shortage;
    }
    shortage = take(quota, Limit.TOKENS_PER_MINUTE, amount, nowNanos);
    if (shortage != null) {
      giveBack(quota, Limit.REQUESTS_PER_SECOND, 1, nowNanos);
      giveBack(quota, Limit.REQUESTS_PER_MINUTE, 1, nowNanos);
    }
    return shortage;
  }

  private @Nullable Shortage take(Quota quota, Limit limit, long amount, long nowNanos) {
    var rate = quota.rate(limit);
    if (rate == null) {
      return null;
    }
    if (amount > rate.burst()) {
      return new Shortage(limit, Shortage.NEVER);
    }
    long wait = bucket(limit).take(rate, amount, nowNanos);
    return wait == 0 ? null : new Shortage(limit, wait);
  }

  private void giveBack(Quota quota, Limit limit, long amount, long nowNanos) {
    var rate = quota.rate(limit);
    if (rate != null) {
      bucket(limit).giveBack(rate, amount, nowNanos);
    }
  }

  /** Gives back all that {@link #take} took. */
  void giveBack(Quota quota, long amount, long nowNanos) {
    giveBack(quota, Limit.REQUESTS_PER_SECOND, 1, nowNanos);
    giveBack(quota, Limit.REQUESTS_PER_MINUTE, 1, nowNanos);
    giveBack(quota, Limit.TOKENS_PER_MINUTE, amount, nowNanos);
  }

  /**
   * Puts right how many tokens a request took.
   *
   * @param taken by {@link #take}
   * @param used in truth
   */
  void correct(Quota quota, long taken, long used, long nowNanos) {
    var rate = quota.tokens();
    if (rate == null || taken == used) {
      return;
    }
    if (used > taken) {
      tokens.charge(rate, used - taken, nowNanos);
    } else {
      tokens.giveBack(rate, taken - used, nowNanos);
    }
  }

  /** How long until there is enough for a request; 0 where there is. */
  long waitNanos(Quota quota, long amount, long nowNanos) {
    return Math.max(
        Math.max(
            waitNanos(quota, Limit.REQUESTS_PER_SECOND, 1, nowNanos),
            waitNanos(quota, Limit.REQUESTS_PER_MINUTE, 1, nowNanos)),
        waitNanos(quota, Limit.TOKENS_PER_MINUTE, amount, nowNanos));
  }

  private long waitNanos(Quota quota, Limit limit, long amount, long nowNanos) {
    var rate = quota.rate(limit);
    return rate == null ? 0 : bucket(limit).waitNanos(rate, amount, nowNanos);
  }

  /** How full the bucket of a limit is; null where there is no such limit. */
  @Nullable Level level(Quota quota, Limit limit, long nowNanos) {
    var rate = quota.rate(limit);
    return rate == null ? null : new Level(rate, bucket(limit).untilFullNanos(rate, nowNanos));
  }

  /** What is counted for a limit of a rate. */
  private Bucket bucket(Limit limit) {
    return switch (limit) {
      case REQUESTS_PER_SECOND -> perSecond;
      case REQUESTS_PER_MINUTE -> perMinute;
      case TOKENS_PER_MINUTE -> tokens;
      case CONCURRENCY -> throw new IllegalArgumentException("requests at a time have no bucket");
    };
  }

  /**
   * Closes this where nothing is missing from it and nobody inside; forgetting it costs nothing.
   */
  boolean closeIfUnused(long nowNanos) {
    if (!isFull(nowNanos) || !inside.compareAndSet(0, CLOSED)) {
      return false;
    }
    if (isFull(nowNanos)) {
      return true;
    }
    inside.set(0);
    return false;
  }

  private boolean isFull(long nowNanos) {
    return perMinute.isFull(nowNanos) && perSecond.isFull(nowNanos) && tokens.isFull(nowNanos);
  }
}
