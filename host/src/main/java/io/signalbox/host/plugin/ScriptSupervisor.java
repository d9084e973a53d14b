package io.signalbox.host.plugin;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops scripts that run too long. A job that takes more than its limit is interrupted; a script
 * that does not stop within {@link #PATIENCE} then (one long built-in function cannot be
 * interrupted) has its thread abandoned, and its owner is told to begin anew.
 *
 * <p>One for all script threads. Looks every {@link #LOOK} while they work, and not at all after
 * they have been idle for a while.
 */
final class ScriptSupervisor implements AutoCloseable {
  /**
   * What a call may take before the script is interrupted, if its deadline is not later; see {@link
   * ScriptWorker#isOverdue} for what counts. Requests wait no longer than their deadline anyway; a
   * call that is late once, as while it is being compiled, should finish.
   */
  static final Duration LONGEST_CALL = Duration.ofMillis(50);

  /** How long an interrupted script has to stop. */
  static final Duration PATIENCE = Duration.ofSeconds(1);

  /** Threads that never stop burn a core each: with so many, a plugin gets no other. */
  static final int MAX_ABANDONED = 8;

  private static final Logger LOG = LoggerFactory.getLogger(ScriptSupervisor.class);
  private static final Duration LOOK = Duration.ofMillis(10);
  private static final long AWAKE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Set<ScriptWorker> workers = ConcurrentHashMap.newKeySet();
  private final Set<ScriptWorker> beingStopped = ConcurrentHashMap.newKeySet();
  private final AtomicInteger abandoned = new AtomicInteger();
  private final ExecutorService stoppers =
      Executors.newCachedThreadPool(
          Thread.ofPlatform().daemon().name("script-stopper-", 0).factory());
  private final Thread thread =
      Thread.ofPlatform().daemon().name("script-supervisor").unstarted(this::watch);
  private volatile boolean asleep;
  private volatile boolean closed;

  /** Starts to watch. */
  void start() {
    thread.start();
  }

  void add(ScriptWorker worker) {
    workers.add(worker);
  }

  /** The worker's thread ends; one that had been abandoned no longer counts. */
  void remove(ScriptWorker worker, boolean wasAbandoned) {
    workers.remove(worker);
    if (wasAbandoned) {
      abandoned.decrementAndGet();
    }
  }

  /** Threads that were given up and still run. */
  int abandoned() {
    return abandoned.get();
  }

  /** A worker begins a job. */
  void wake() {
    if (asleep) {
      asleep = false;
      LockSupport.unpark(thread);
    }
  }

  private void watch() {
    long lastBusy = System.nanoTime();
    while (!closed) {
      if (look()) {
        lastBusy = System.nanoTime();
      }
      if (System.nanoTime() - lastBusy > AWAKE_NANOS) {
        asleep = true;
        // Once more, since a job may have begun before the flag was seen.
        if (!look()) {
          LockSupport.park(this);
        }
        asleep = false;
        lastBusy = System.nanoTime();
      } else {
        LockSupport.parkNanos(this, LOOK.toNanos());
      }
    }
  }

  private boolean look() {
    boolean busy = false;
    for (var worker : workers) {
      busy |= worker.isBusy();
      if (worker.isOverdue() && beingStopped.add(worker)) {
        stoppers.execute(() -> stop(worker));
      }
    }
    return busy;
  }

  /** Blocks until the script stopped or is given up. */
  private void stop(ScriptWorker worker) {
    try {
      worker.interrupt(PATIENCE);
    } catch (TimeoutException e) {
      abandon(worker);
    } catch (RuntimeException e) {
      LOG.warn("a script could not be interrupted", e);
      abandon(worker);
    } finally {
      beingStopped.remove(worker);
    }
  }

  /** Gives a worker up; its owner learns it from the worker's failing jobs and asks for another. */
  void abandon(ScriptWorker worker) {
    abandoned.incrementAndGet();
    workers.remove(worker);
    if (!worker.abandon("its script did not stop, and its thread was abandoned")) {
      abandoned.decrementAndGet();
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    stoppers.shutdownNow();
  }
}
