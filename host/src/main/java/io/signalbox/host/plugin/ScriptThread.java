package io.signalbox.host.plugin;

import io.signalbox.host.script.Script;
import io.vertx.core.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The script thread of one version of a plugin, replaced by another when the script does not let it
 * go. Safe for any thread.
 */
final class ScriptThread {
  /** A script that takes so many threads with it is not given another. */
  static final int MAX_REPLACEMENTS = 3;

  private static final Logger LOG = LoggerFactory.getLogger(ScriptThread.class);

  private final String plugin;
  private final Opening opening;
  private final ScriptSupervisor supervisor;
  private final Runnable givenUp;
  private final AtomicInteger replacements = new AtomicInteger();
  private final AtomicReference<@Nullable ScriptWorker> worker = new AtomicReference<>();
  private volatile boolean closed;
  private volatile String absence = "it is not started";

  /**
   * No thread yet.
   *
   * @param givenUp told when there will be no other thread
   */
  ScriptThread(String plugin, Opening opening, ScriptSupervisor supervisor, Runnable givenUp) {
    this.plugin = plugin;
    this.opening = opening;
    this.supervisor = supervisor;
    this.givenUp = givenUp;
  }

  /** Starts the first thread; succeeds with the script once it is open. */
  Future<Script> start() {
    var first = new ScriptWorker(plugin, opening, supervisor);
    worker.set(first);
    return first.start();
  }

  /** The thread's worker; null, with {@link #absence}, while there is none that works. */
  @Nullable ScriptWorker worker() {
    var now = worker.get();
    if (now != null && now.isAbandoned()) {
      replace(now);
      return null;
    }
    return now;
  }

  /** Why there is none. */
  String absence() {
    return absence;
  }

  private void replace(ScriptWorker lost) {
    if (!worker.compareAndSet(lost, null)) {
      return;
    }
    int count = replacements.incrementAndGet();
    if (count > MAX_REPLACEMENTS || supervisor.abandoned() >= ScriptSupervisor.MAX_ABANDONED) {
      absence = "its script did not stop, again and again, and gets no more threads";
      LOG.error("plugin {} is out of use: {}", plugin, absence);
      givenUp.run();
      return;
    }
    absence = "its script did not stop, and a new thread is being started";
    LOG.warn("plugin {}: {} ({} of {})", plugin, absence, count, MAX_REPLACEMENTS);
    var next = new ScriptWorker(plugin, opening, supervisor);
    var _ =
        next.start()
            .onSuccess(script -> takeOver(next))
            .onFailure(cause -> {
              absence = "it could not be started again: " + cause.getMessage();
              givenUp.run();
            });
  }

  /** Whoever is second here, this or {@link #close}, sees the other. */
  private void takeOver(ScriptWorker next) {
    worker.set(next);
    if (closed) {
      var _ = close();
    }
  }

  /** Does what waits, and ends. */
  Future<Void> close() {
    closed = true;
    absence = "it was closed";
    var now = worker.getAndSet(null);
    return now == null ? Future.succeededFuture() : now.close();
  }
}
