package io.signalbox.host.signals;

/**
 * By how much totals that only grow have grown lately: over a window of time, not since the process
 * began.
 *
 * <p>Noted a few times a second, it keeps a copy of the totals {@value #STEPS} times a window, so
 * it costs the same however much is counted. What is answered reaches back at most the window, and
 * at least the window less one step; less only while it has not run for so long. Belongs to one
 * thread.
 */
public final class GrowthWindow {
  private static final int STEPS = 12;

  /*
   * A ring: copies[at(0)] is the oldest copy kept, copies[at(size - 1)] the newest. A total that
   * falls was counted by a process that began anew: offsets[total] then takes over what was counted
   * before, so raw + offset goes on growing.
   */
  private final long windowNanos;
  private final double[][] copies;
  private final long[] copiedAtNanos = new long[STEPS + 1];
  private final double[] now;
  private final double[] raw;
  private final double[] offsets;
  private long nowNanos;
  private int oldest;
  private int size;

  /**
   * A window over so many totals.
   *
   * @param windowNanos at least {@value #STEPS}
   */
  public GrowthWindow(int totals, long windowNanos) {
    this.windowNanos = windowNanos;
    this.copies = new double[STEPS + 1][totals];
    this.now = new double[totals];
    this.raw = new double[totals];
    this.offsets = new double[totals];
  }

  /** Takes the totals as they are at a time, which does not go back. */
  public void note(double[] totals, long atNanos) {
    for (int i = 0; i < now.length; i++) {
      if (totals[i] < raw[i]) {
        offsets[i] += raw[i];
      }
      raw[i] = totals[i];
      now[i] = totals[i] + offsets[i];
    }
    nowNanos = atNanos;
    while (size > 1 && atNanos - copiedAtNanos[oldest] > windowNanos) {
      oldest = at(1);
      size--;
    }
    if (size == 0 || atNanos - copiedAtNanos[at(size - 1)] >= windowNanos / STEPS) {
      copy(atNanos);
    }
  }

  private void copy(long atNanos) {
    if (size == copies.length) {
      oldest = at(1);
      size--;
    }
    int newest = at(size);
    System.arraycopy(now, 0, copies[newest], 0, now.length);
    copiedAtNanos[newest] = atNanos;
    size++;
  }

  private int at(int index) {
    return (oldest + index) % copies.length;
  }

  /** By how much a total grew in the window; 0 before it was noted twice. */
  public double growth(int total) {
    return size == 0 ? 0 : now[total] - copies[oldest][total];
  }

  /** The time {@link #growth} is over, in nanoseconds; 0 before the totals were noted twice. */
  public long spanNanos() {
    return size == 0 ? 0 : nowNanos - copiedAtNanos[oldest];
  }
}
