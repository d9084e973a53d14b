package io.signalbox.host.plugin;

import java.time.Duration;

/**
 * Decides when the heap is too full.
 *
 * <p>Only a collection of the whole heap says what is really in use: one of the young generation
 * leaves behind what died in the old one. So the heap is too full when {@value #IN_A_ROW} reports
 * of whole collections in a row left more in the old generation than the limit, and no collection
 * between them, of whatever kind, left less. (A concurrent cycle of G1 reports twice.) After that
 * nothing is counted for a while: what is given up then needs time to be let go.
 *
 * <p>For one thread at a time.
 */
final class HeapPressure {
  /** Of what the old generation may grow to. */
  static final double DEFAULT_LIMIT_RATIO = 0.8;

  static final Duration DEFAULT_REST = Duration.ofSeconds(5);

  private static final int IN_A_ROW = 3;

  private final double limitRatio;
  private final long restNanos;
  private int above;
  private boolean told;
  private long toldNanos;

  /**
   * A heap of which nothing is known yet.
   *
   * @param limitRatio 0..1, of what the old generation may grow to
   * @param rest how long nothing counts after it was too full
   */
  HeapPressure(double limitRatio, Duration rest) {
    if (!(limitRatio > 0 && limitRatio <= 1)) {
      throw new IllegalArgumentException("a limit of " + limitRatio + ", allowed is 0..1");
    }
    this.limitRatio = limitRatio;
    this.restNanos = rest.toNanos();
  }

  /** What a collection looked at. */
  enum Reach {
    /** The old generation too. */
    WHOLE,
    PART
  }

  /**
   * The old generation after a collection.
   *
   * @param maxBytes what it may grow to; with G1 and ZGC the whole heap
   */
  record Level(long usedBytes, long maxBytes) {
    double ratio() {
      return (double) usedBytes / maxBytes;
    }
  }

  /** Whether, with this collection, the heap is too full. */
  boolean isTooMuch(Reach reach, Level after, long nowNanos) {
    if (told && nowNanos - toldNanos < restNanos) {
      return false;
    }
    if (after.ratio() <= limitRatio) {
      above = 0;
    } else if (reach == Reach.WHOLE) {
      above++;
    }
    if (above < IN_A_ROW) {
      return false;
    }
    above = 0;
    told = true;
    toldNanos = nowNanos;
    return true;
  }
}
