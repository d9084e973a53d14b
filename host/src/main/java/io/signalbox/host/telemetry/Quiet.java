package io.signalbox.host.telemetry;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Lets one log line through in ten seconds: what fails on every request must not fill the log. */
public final class Quiet {
  private static final long NANOS = TimeUnit.SECONDS.toNanos(10);

  private final AtomicLong until = new AtomicLong(System.nanoTime());

  /** Whether the line may be written. */
  public boolean mayTell() {
    long now = System.nanoTime();
    long limit = until.get();
    return now - limit >= 0 && until.compareAndSet(limit, now + NANOS);
  }
}
