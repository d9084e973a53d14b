package io.signalbox.host.plugin;

import com.sun.management.GarbageCollectionNotificationInfo;
import io.signalbox.host.plugin.HeapPressure.Level;
import io.signalbox.host.plugin.HeapPressure.Reach;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches what garbage collections leave in the old generation, since scripts have no heap of their
 * own: one that keeps more and more fills the heap of the whole process. When that is too much, by
 * the rule of {@link HeapPressure}, it tells so; who is to blame it cannot know.
 *
 * <p>Knows G1, ZGC, Serial and Parallel as they are in OpenJDK 25; with another collector it says
 * in the log that it does not watch. It costs nothing between collections.
 */
final class HeapWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HeapWatch.class);

  private static final Set<String> WHOLE =
      Set.of(
          "G1 Concurrent GC",
          "G1 Old Generation",
          "ZGC Major Cycles",
          "MarkSweepCompact",
          "PS MarkSweep");

  /** Those of ZGC report an empty heap; its cycles report what is in it. */
  private static final String PAUSES = " Pauses";

  private static final Set<String> OLD =
      Set.of("G1 Old Gen", "ZGC Old Generation", "Tenured Gen", "PS Old Gen");

  private final HeapPressure pressure;
  private final LongSupplier nanoTime;
  private final Consumer<Level> listener;
  private final NotificationListener reports = this::report;
  private final List<GarbageCollectorMXBean> collectors;

  private HeapWatch(HeapPressure pressure, LongSupplier nanoTime, Consumer<Level> listener) {
    this.pressure = pressure;
    this.nanoTime = nanoTime;
    this.listener = listener;
    this.collectors =
        ManagementFactory.getGarbageCollectorMXBeans().stream()
            .filter(collector -> !collector.getName().endsWith(PAUSES))
            .toList();
  }

  /**
   * Watches from now on, until it is closed.
   *
   * @param listener told each time the heap is too full, on a thread of the Java machine's: it must
   *     not block
   */
  static HeapWatch start(HeapPressure pressure, LongSupplier nanoTime, Consumer<Level> listener) {
    var watch = new HeapWatch(pressure, nanoTime, listener);
    if (watch.collectors.stream().noneMatch(collector -> WHOLE.contains(collector.getName()))) {
      LOG.warn("the heap is not watched for plugins that fill it: its collector is not known");
    }
    for (var collector : watch.collectors) {
      if (collector instanceof NotificationEmitter emitter) {
        emitter.addNotificationListener(watch.reports, null, null);
      }
    }
    return watch;
  }

  private void report(Notification notification, Object handback) {
    if (notification.getUserData() instanceof CompositeData data
        && notification
            .getType()
            .equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
      report(GarbageCollectionNotificationInfo.from(data));
    }
  }

  private void report(GarbageCollectionNotificationInfo collection) {
    var reach = WHOLE.contains(collection.getGcName()) ? Reach.WHOLE : Reach.PART;
    for (var pool : collection.getGcInfo().getMemoryUsageAfterGc().entrySet()) {
      if (OLD.contains(pool.getKey())) {
        report(reach, level(pool.getValue()));
      }
    }
  }

  private static Level level(MemoryUsage usage) {
    long max = usage.getMax() > 0 ? usage.getMax() : Runtime.getRuntime().maxMemory();
    return new Level(usage.getUsed(), max);
  }

  private synchronized void report(Reach reach, Level after) {
    if (pressure.isTooMuch(reach, after, nanoTime.getAsLong())) {
      listener.accept(after);
    }
  }

  @Override
  public void close() {
    for (var collector : collectors) {
      if (collector instanceof NotificationEmitter emitter) {
        try {
          emitter.removeNotificationListener(reports);
        } catch (ListenerNotFoundException e) {
          LOG.debug("{} was not watched", collector.getName());
        }
      }
    }
  }
}
