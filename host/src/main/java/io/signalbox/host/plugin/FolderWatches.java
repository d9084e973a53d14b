package io.signalbox.host.plugin;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystem;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operating system's word that something changed in some directories; what, is of no interest.
 * Where there is no such word, or no more of it (inotify has limits for each user), {@link #await}
 * waits its time: whoever waits looks then anyway.
 *
 * <p>For one thread; {@link #close} may come from another, and ends a wait.
 */
final class FolderWatches implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FolderWatches.class);
  private static final WatchEvent.Kind<?>[] ANY_CHANGE = {
    StandardWatchEventKinds.ENTRY_CREATE,
    StandardWatchEventKinds.ENTRY_MODIFY,
    StandardWatchEventKinds.ENTRY_DELETE
  };

  private final @Nullable WatchService service;
  private final Map<Object, WatchKey> keys = new HashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private boolean refusalLogged;

  /** Watches nothing yet. */
  FolderWatches(FileSystem fileSystem) {
    this.service = open(fileSystem);
  }

  private @Nullable WatchService open(FileSystem fileSystem) {
    try {
      return fileSystem.newWatchService();
    } catch (IOException | UnsupportedOperationException e) {
      logRefusal(e);
      return null;
    }
  }

  /**
   * Watches these directories, and no others.
   *
   * @param directories by identity
   * @return whether one of them was not watched before: what happened in it since it was looked at
   *     is not known
   */
  boolean watch(Map<Object, Path> directories) {
    keys.entrySet().removeIf(entry -> isOver(entry.getKey(), entry.getValue(), directories));
    boolean more = false;
    for (var directory : directories.entrySet()) {
      more |= !keys.containsKey(directory.getKey()) && register(directory);
    }
    return more;
  }

  /** A directory whose path leads elsewhere now has another identity, and so a watch of its own. */
  private static boolean isOver(Object identity, WatchKey key, Map<Object, Path> directories) {
    if (!directories.containsKey(identity)) {
      key.cancel();
    }
    return !key.isValid();
  }

  private boolean register(Map.Entry<Object, Path> directory) {
    if (service == null) {
      return false;
    }
    try {
      keys.put(directory.getKey(), directory.getValue().register(service, ANY_CHANGE));
      return true;
    } catch (NoSuchFileException | NotDirectoryException e) {
      return false;
    } catch (IOException e) {
      logRefusal(e);
      return false;
    }
  }

  private void logRefusal(Exception reason) {
    if (!refusalLogged) {
      refusalLogged = true;
      LOG.warn(
          "plugins are looked at every second, since they cannot be watched: {}",
          reason.toString());
    }
  }

  /** Waits until something changed, but no longer than {@code atMost}. */
  void await(Duration atMost) throws InterruptedException {
    if (service == null) {
      pause(atMost);
      return;
    }
    try {
      var key = service.poll(atMost.toMillis(), TimeUnit.MILLISECONDS);
      while (key != null) {
        var _ = key.pollEvents();
        var _ = key.reset();
        key = service.poll();
      }
    } catch (ClosedWatchServiceException e) {
      closed.await();
    }
  }

  /** Waits that long, whatever changes. */
  void pause(Duration time) throws InterruptedException {
    var _ = closed.await(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Whether it is closed. */
  boolean isClosed() {
    return closed.getCount() == 0;
  }

  @Override
  public void close() {
    closed.countDown();
    if (service != null) {
      try {
        service.close();
      } catch (IOException e) {
        LOG.warn("the watches of the plugins folder could not be closed", e);
      }
    }
  }
}
