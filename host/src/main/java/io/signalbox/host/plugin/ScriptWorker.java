package io.signalbox.host.plugin;

import io.signalbox.host.script.Script;
import io.signalbox.host.script.ScriptException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that owns one script: opens it, does one job after the other with it, closes it. What
 * the script does, it does here, so no event loop waits for it.
 *
 * <p>All methods are for any thread.
 */
final class ScriptWorker {
  /** Jobs that may wait; at a few microseconds each they are done long before their deadlines. */
  static final int CAPACITY = 1_024;

  private static final Logger LOG = LoggerFactory.getLogger(ScriptWorker.class);
  private static final long IDLE = 0;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** For how many times its limit a job may stand still after that. */
  private static final long STILL = 19;

  /** A job is overdue that much after its limit at the latest. */
  static final Duration LONGEST_STILL = Duration.ofSeconds(5);

  /** How often a thread that waits for jobs looks whether it is to end. */
  private static final long POLL_MILLIS = 250;

  private final Opening opening;
  private final ScriptSupervisor supervisor;
  private final BlockingQueue<Job> queue = new ArrayBlockingQueue<>(CAPACITY);
  private final Promise<Script> opened = Promise.promise();
  private final Promise<Void> ended = Promise.promise();
  private final AtomicBoolean closing = new AtomicBoolean();
  private final AtomicReference<Life> life = new AtomicReference<>(Life.WORKING);
  private final Thread thread;
  private volatile long limitNanos;
  private volatile long busySinceNanos = IDLE;
  private volatile @Nullable Script script;

  /** The supervisor's: which job it saw to be late, and what the thread had used by then. */
  private long lateSinceNanos;

  private long usedWhenLateNanos;

  private enum Life {
    WORKING,
    /** Given up; the thread may still run. */
    ABANDONED,
    /** The thread came to its end before anybody gave it up. */
    OVER
  }

  /**
   * A worker that does nothing yet.
   *
   * @param name of the plugin; the thread's name has it in it
   * @param opening happens on the worker's thread
   */
  ScriptWorker(String name, Opening opening, ScriptSupervisor supervisor) {
    this.opening = opening;
    this.supervisor = supervisor;
    this.thread = Thread.ofPlatform().daemon().name("script-" + name).unstarted(this::work);
  }

  /** Starts the thread; the script is there when the future succeeds, or could not be opened. */
  Future<Script> start() {
    supervisor.add(this);
    thread.start();
    return opened.future();
  }

  /** Adds a job; false when too many wait, or the worker is closing. The job is not told then. */
  boolean offer(Job job) {
    if (closing.get() || !queue.offer(job)) {
      return false;
    }
    // Whoever ends the worker may have emptied the queue before: nobody would tell the job then.
    return !closing.get() || !queue.remove(job);
  }

  /** Jobs that wait. */
  int waiting() {
    return queue.size();
  }

  private void work() {
    try {
      open();
      while (!isAbandoned() && !(closing.get() && queue.isEmpty())) {
        var job = queue.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
        if (job != null) {
          run(job);
        }
      }
      if (!isAbandoned()) {
        run(new Farewell(thread.getName()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Throwable e) {
      opened.tryFail(e);
    } finally {
      end();
    }
  }

  private void open() throws Exception {
    begin(opening.limit());
    var made = opening.script().call();
    // Known before the plugin's own code runs, so that this can be interrupted.
    script = made;
    made.load();
    busySinceNanos = IDLE;
    opened.tryComplete(made);
  }

  private void run(Job job) {
    var mine = script;
    if (mine == null) {
      return;
    }
    begin(job.limit());
    try {
      job.run(mine);
    } catch (Throwable e) {
      // Jobs tell their listeners themselves. What a script that was given up ends with concerns
      // nobody; what else comes here is a mistake of ours.
      if (!isAbandoned()) {
        LOG.error("a job of {} failed", thread.getName(), e);
      }
    }
    busySinceNanos = IDLE;
  }

  /** The last job: tells the script that there is no other. */
  private record Farewell(String thread) implements Job {
    @Override
    public void run(Script script) {
      try {
        script.end();
      } catch (ScriptException e) {
        LOG.warn("{} did not end well: {}", thread, e.getMessage());
      }
    }

    @Override
    public void cancelled(String why) {}
  }

  private void begin(Duration limit) {
    limitNanos = limit.toNanos();
    // Never the value that stands for idle.
    busySinceNanos = System.nanoTime() | 1;
    supervisor.wake();
  }

  private void end() {
    closing.set(true);
    busySinceNanos = IDLE;
    supervisor.remove(this, !life.compareAndSet(Life.WORKING, Life.OVER));
    for (var job = queue.poll(); job != null; job = queue.poll()) {
      job.cancelled("it was closed");
    }
    var mine = script;
    if (mine != null) {
      mine.close();
    }
    ended.tryComplete();
  }

  /** Whether it is doing a job now. */
  boolean isBusy() {
    return busySinceNanos != IDLE;
  }

  /**
   * Whether it has been doing the same job for longer than that may take: it used its limit of
   * processor time after the limit had passed by the clock, or has been standing still since. A
   * busy machine is no fault of the script's. For the supervisor's thread.
   */
  boolean isOverdue() {
    long since = busySinceNanos;
    long limit = limitNanos;
    long late = System.nanoTime() - since - limit;
    if (since == IDLE || late <= 0) {
      return false;
    }
    long used = THREADS.getThreadCpuTime(thread.threadId());
    if (lateSinceNanos != since) {
      lateSinceNanos = since;
      usedWhenLateNanos = used;
    }
    return used - usedWhenLateNanos > limit
        || late > Math.min(limit * STILL, LONGEST_STILL.toNanos());
  }

  /**
   * Stops the job being done, and leaves the script usable.
   *
   * @throws TimeoutException when the script did not stop in time
   */
  void interrupt(Duration patience) throws TimeoutException {
    var mine = script;
    if (mine == null) {
      throw new TimeoutException("still being opened");
    }
    mine.interrupt(patience);
  }

  /**
   * Gives the thread up: it ends when the script lets it, if ever. Jobs that wait are told so now.
   *
   * @return whether this call did it, and the thread had not come to its end
   */
  boolean abandon(String why) {
    if (!life.compareAndSet(Life.WORKING, Life.ABANDONED)) {
      return false;
    }
    closing.set(true);
    opened.tryFail(new PluginException(why));
    for (var job = queue.poll(); job != null; job = queue.poll()) {
      job.cancelled(why);
    }
    var mine = script;
    if (mine != null) {
      mine.close();
    }
    ended.tryComplete();
    return true;
  }

  /** Whether it was given up. */
  boolean isAbandoned() {
    return life.get() == Life.ABANDONED;
  }

  /**
   * Takes no more jobs, does those that wait, closes the script and ends.
   *
   * @return succeeds when that is done, or the worker was abandoned
   */
  Future<Void> close() {
    closing.set(true);
    return ended.future();
  }
}
