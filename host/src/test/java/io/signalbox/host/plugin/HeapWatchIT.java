package io.signalbox.host.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.plugin.HeapPressure.Level;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** With the collector this runs on; the limit is so low that any heap is too full. */
class HeapWatchIT {
  private static final double ANY_HEAP = 1e-9;

  private final LinkedBlockingQueue<Level> told = new LinkedBlockingQueue<>();

  private HeapWatch watch() {
    return HeapWatch.start(
        new HeapPressure(ANY_HEAP, Duration.ofDays(1)), System::nanoTime, told::add);
  }

  @Test
  void wholeCollectionsAreReported() throws Exception {
    try (var _ = watch()) {
      for (int i = 0; i < 3; i++) {
        System.gc();
      }
      var level = Objects.requireNonNull(told.poll(20, TimeUnit.SECONDS), "nothing was told");

      assertThat(level.usedBytes()).isPositive();
      assertThat(level.maxBytes()).isLessThanOrEqualTo(Runtime.getRuntime().maxMemory());
      assertThat(level.ratio()).isBetween(ANY_HEAP, 1.0);
    }
  }

  @Test
  void aClosedWatchSaysNothing() throws Exception {
    watch().close();
    try (var _ = watch()) {
      for (int i = 0; i < 3; i++) {
        System.gc();
      }
      assertThat(told.poll(20, TimeUnit.SECONDS)).isNotNull();
    }
    assertThat(told).isEmpty();
  }
}
