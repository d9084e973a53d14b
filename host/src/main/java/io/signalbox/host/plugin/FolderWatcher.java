package io.signalbox.host.plugin;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the plugins folder on a thread of its own, and tells what changed in it once it settled.
 *
 * <p>The thread wakes when the operating system says that something changed, and every second in
 * any case: for network mounts and links pointed elsewhere, and for a folder that appears later.
 * Between two looks are at least 30 ms, and a change counts when two looks found the same; so a
 * burst of saves is one change, and what is saved counts after about 40 ms.
 *
 * <p>The listener is called by one thread at a time. It may take its time: what changes meanwhile
 * is found afterwards.
 */
final class FolderWatcher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FolderWatcher.class);
  static final Duration SETTLE = Duration.ofMillis(30);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration CLOSE = Duration.ofSeconds(5);

  /** A file that is being written all the time does not keep a start from going on. */
  private static final int MOST_FIRST_LOOKS = 10;

  private final PluginFolder folder;
  private final FolderWatches watches;
  private final Consumer<List<PluginChange>> listener;
  private final ReentrantLock looking = new ReentrantLock();
  private final Thread thread =
      Thread.ofPlatform().daemon().name("plugins-folder").unstarted(this::follow);

  /**
   * A watcher that knows nothing yet.
   *
   * @param folder need not exist
   * @param listener told the changes, in order; never an empty list
   */
  FolderWatcher(Path folder, Consumer<List<PluginChange>> listener) {
    this.folder = new PluginFolder(folder, InstantSource.system());
    this.watches = new FolderWatches(folder.getFileSystem());
    this.listener = listener;
  }

  /**
   * Looks now, on the caller's thread, until all is settled: some tens of milliseconds, where files
   * are being written all the time about 300.
   *
   * @throws InterruptedException when the caller is interrupted between two looks
   */
  void look() throws InterruptedException {
    for (int looks = 0; looks < MOST_FIRST_LOOKS && !lookOnce(); looks++) {
      watches.pause(SETTLE);
    }
  }

  /** Starts to follow the folder. To be called once. */
  void start() {
    thread.start();
  }

  private void follow() {
    try {
      while (!watches.isClosed()) {
        boolean settled = lookOnce();
        watches.pause(SETTLE);
        if (settled) {
          watches.await(POLL);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Nothing that goes wrong here may end the looking. Returns whether there is no need to hurry.
   */
  private boolean lookOnce() {
    looking.lock();
    try {
      var look = folder.look();
      boolean watchesMore = watches.watch(look.directories());
      if (!look.changes().isEmpty()) {
        tell(look.changes());
      }
      return look.settled() && !watchesMore;
    } catch (Throwable e) {
      LOG.error("the plugins folder could not be followed", e);
      return true;
    } finally {
      looking.unlock();
    }
  }

  private void tell(List<PluginChange> changes) {
    try {
      listener.accept(changes);
    } catch (Throwable e) {
      LOG.error(
          "changes of {} could not be taken", changes.stream().map(PluginChange::name).toList(), e);
    }
  }

  /** Ends the looking, and waits up to 5 s for a listener that is being told something. */
  @Override
  public void close() {
    watches.close();
    if (thread.isAlive() && !thread.equals(Thread.currentThread())) {
      try {
        var _ = thread.join(CLOSE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
