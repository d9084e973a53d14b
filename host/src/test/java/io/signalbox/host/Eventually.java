package io.signalbox.host;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for something that other threads or processes bring about. */
final class Eventually {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);

  private Eventually() {}

  static void until(Duration atMost, Callable<Boolean> condition, String otherwise)
      throws Exception {
    until(atMost, condition, () -> otherwise);
  }

  /** The same, where what is wrong otherwise is only known then. */
  static void until(Duration atMost, Callable<Boolean> condition, Supplier<String> otherwise)
      throws Exception {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(otherwise.get());
      }
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
    }
  }

  /** The result of something that takes a while; what keeps it from coming fails the test. */
  static <T> T result(Future<T> future) {
    return result(future, Duration.ofSeconds(30));
  }

  /** The same of something that may take this long. */
  static <T> T result(Future<T> future, Duration atMost) {
    try {
      return future.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("nothing came within " + atMost, e);
    }
  }
}
