package io.signalbox.host.request;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * How long answers lately were, by model: what a request's answer is expected to be. Safe for any
 * thread, without locks; shared by all event loops.
 */
public final class OutputLengths {
  /** Knows nothing. */
  public static final OutputLengths NONE = new OutputLengths(() -> 0, () -> Duration.ofMinutes(1));

  private final LongSupplier nanoTime;
  private final Supplier<Duration> window;
  private final Map<String, AtomicReference<Halves>> byModel = new ConcurrentHashMap<>();

  /**
   * Lengths over a window.
   *
   * @param nanoTime monotonic, as {@link System#nanoTime()}; any thread calls it
   * @param window at least half of it counts, and at most all; while nothing is answered, what was
   *     known stays. Asked at each answer
   */
  public OutputLengths(LongSupplier nanoTime, Supplier<Duration> window) {
    this.nanoTime = nanoTime;
    this.window = window;
  }

  /** The half of the window being filled, and the one before it. */
  private record Halves(long begunNanos, Histogram current, Histogram before) {}

  /** An answer of a model had this length, in tokens. */
  public void add(String model, long tokens) {
    long now = nanoTime.getAsLong();
    var halves =
        byModel.computeIfAbsent(
            model,
            name -> new AtomicReference<>(new Halves(now, new Histogram(), new Histogram())));
    var known = halves.get();
    if (now - known.begunNanos() >= window.get().toNanos() / 2) {
      // Who comes second has the first one's.
      halves.compareAndSet(known, new Halves(now, new Histogram(), known.current()));
    }
    halves.get().current().add(tokens);
  }

  /** Forgets models that are not among these. */
  public void retain(Set<String> models) {
    byModel.keySet().retainAll(models);
  }

  /**
   * The mean length of a model's answers, had none of them been longer than {@code most}; {@code
   * NaN} where none is known.
   *
   * @param most what the request allows, in tokens; infinite where it does not say
   */
  public double expected(String model, double most) {
    var halves = byModel.get(model);
    if (halves == null) {
      return Double.NaN;
    }
    var known = halves.get();
    long answers = known.current().answers() + known.before().answers();
    return (known.current().sum(most) + known.before().sum(most)) / (double) answers;
  }

  /** Lengths in buckets a fifth wide: the sum in each tells their mean, so little is lost. */
  private static final class Histogram {
    private static final double GROWTH = 1.2;
    private static final int BUCKETS = 96;

    private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);
    private final AtomicLongArray sums = new AtomicLongArray(BUCKETS);

    private void add(long tokens) {
      int bucket = (int) (Math.log1p((double) tokens) / Math.log(GROWTH));
      int index = Math.clamp(bucket, 0, BUCKETS - 1);
      sums.getAndAdd(index, tokens);
      counts.getAndIncrement(index);
    }

    private long answers() {
      long answers = 0;
      for (int i = 0; i < BUCKETS; i++) {
        answers += counts.get(i);
      }
      return answers;
    }

    /** The sum of all lengths, each at most {@code most}. */
    private double sum(double most) {
      double sum = 0;
      for (int i = 0; i < BUCKETS; i++) {
        long count = counts.get(i);
        if (count > 0) {
          sum += Math.min((double) sums.get(i), count * most);
        }
      }
      return sum;
    }
  }
}
