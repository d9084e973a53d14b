package io.signalbox.host.strategy;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts questions that could not be read, and logs them, one line in ten seconds: anybody on the
 * event bus can send them. For one thread.
 */
final class MalformedQuestions {
  private static final Logger LOG = LoggerFactory.getLogger(MalformedQuestions.class);
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final LongSupplier nanoTime;
  private long untold;
  private long quietUntil;

  MalformedQuestions(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.quietUntil = nanoTime.getAsLong();
  }

  void add(String address, RecordException problem) {
    untold++;
    long now = nanoTime.getAsLong();
    if (now - quietUntil >= 0) {
      LOG.warn("{} malformed questions, the last at {}: {}", untold, address, problem.getMessage());
      untold = 0;
      quietUntil = now + QUIET_NANOS;
    }
  }
}
