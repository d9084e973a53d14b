package io.signalbox.host.plugin;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Calls and failures of the last while, for any thread.
 *
 * <p>The time since {@code originNanos} is cut into slices, a tenth of the window each; a slice has
 * the bucket {@code slice mod 10} until the next slice of that bucket replaces it. So what counts
 * is the running slice and the nine before it. Counting costs a read and an addition; asking costs
 * ten buckets.
 */
final class CallWindow {
  static final int BUCKETS = 10;

  private final long originNanos;
  private final long sliceNanos;
  private final AtomicReferenceArray<@Nullable Bucket> buckets =
      new AtomicReferenceArray<>(BUCKETS);

  CallWindow(long originNanos, long windowNanos) {
    this.originNanos = originNanos;
    this.sliceNanos = windowNanos / BUCKETS;
  }

  private record Bucket(long slice, LongAdder calls, LongAdder failures) {
    Bucket(long slice) {
      this(slice, new LongAdder(), new LongAdder());
    }
  }

  /** How many calls were counted, and how many of them failed. */
  record Counts(long calls, long failures) {}

  void succeeded(long nowNanos) {
    bucket(nowNanos).calls.increment();
  }

  void failed(long nowNanos) {
    var bucket = bucket(nowNanos);
    bucket.calls.increment();
    bucket.failures.increment();
  }

  private Bucket bucket(long nowNanos) {
    long slice = slice(nowNanos);
    int index = (int) Math.floorMod(slice, (long) BUCKETS);
    var bucket = buckets.get(index);
    while (bucket == null || bucket.slice < slice) {
      var fresh = new Bucket(slice);
      bucket = buckets.compareAndSet(index, bucket, fresh) ? fresh : buckets.get(index);
    }
    return bucket;
  }

  Counts counts(long nowNanos) {
    long slice = slice(nowNanos);
    long calls = 0;
    long failures = 0;
    for (int i = 0; i < BUCKETS; i++) {
      var bucket = buckets.get(i);
      if (bucket != null && bucket.slice > slice - BUCKETS) {
        calls += bucket.calls.sum();
        failures += bucket.failures.sum();
      }
    }
    return new Counts(calls, failures);
  }

  private long slice(long nowNanos) {
    return Math.floorDiv(nowNanos - originNanos, sliceNanos);
  }
}
