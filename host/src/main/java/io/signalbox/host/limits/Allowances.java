package io.signalbox.host.limits;

import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The allowances of all users, models or endpoints, by name; a bounded number. Safe for any thread.
 */
final class Allowances {
  /*
   * One that is full again is as good as none. Who makes a new one looks at the next few of the
   * others, and forgets those that are full and unused; so names that nobody uses go, and nobody has
   * to look at all of them at once. Where there is no room even so, the new one is not made.
   */
  private static final int LOOKS = 16;

  private final ConcurrentHashMap<String, Allowance> byName = new ConcurrentHashMap<>();
  private final int most;
  private final ReentrantLock looking = new ReentrantLock();
  private Iterator<Map.Entry<String, Allowance>> next = Collections.emptyIterator();

  /** None yet. */
  Allowances(int most) {
    this.most = most;
  }

  /**
   * The allowance of a name, which counts one more request.
   *
   * @param nowNanos monotonic, as {@link System#nanoTime()}
   * @return null where there are too many others
   */
  @Nullable Entered enter(String name, long nowNanos) {
    while (true) {
      var known = byName.get(name);
      if (known == null) {
        known = made(name, nowNanos);
      }
      if (known == null) {
        return null;
      }
      int count = known.enter();
      if (count > 0) {
        return new Entered(known, count);
      }
      // Whoever closed it is about to remove it, or to open it again.
      Thread.onSpinWait();
    }
  }

  /** An allowance and how many requests are inside with this one. */
  record Entered(Allowance allowance, int count) {}

  /** The allowance of a name; null where nothing is missing from it. */
  @Nullable Allowance find(String name) {
    return byName.get(name);
  }

  private @Nullable Allowance made(String name, long nowNanos) {
    lookAtSome(nowNanos);
    return byName.mappingCount() < most
        ? byName.computeIfAbsent(name, missing -> new Allowance(nowNanos))
        : byName.get(name);
  }

  private void lookAtSome(long nowNanos) {
    if (!looking.tryLock()) {
      return;
    }
    try {
      for (int i = 0; i < LOOKS; i++) {
        if (!next.hasNext()) {
          next = byName.entrySet().iterator();
          if (!next.hasNext()) {
            return;
          }
        }
        var entry = next.next();
        if (entry.getValue().closeIfUnused(nowNanos)) {
          byName.remove(entry.getKey(), entry.getValue());
        }
      }
    } finally {
      looking.unlock();
    }
  }

  /** How many there are. */
  int size() {
    return byName.size();
  }
}
