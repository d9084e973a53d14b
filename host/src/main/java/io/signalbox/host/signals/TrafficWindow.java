package io.signalbox.host.signals;

import io.signalbox.host.endpoint.Traffic;
import io.signalbox.host.endpoint.Traffic.Total;
import io.signalbox.sdk.Signal;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * What our own requests lately met at one address: the signals that need no engine's support.
 *
 * <p>A mean counts once {@code min-samples} were taken at the address. It does not age while
 * nothing is under way there; but after a whole window without a sample the endpoint counts as one
 * that nobody knows, so that one that was slow for a while gets its chance again. Belongs to one
 * thread.
 */
final class TrafficWindow {
  private static final double SECONDS_PER_NANO = 1.0 / TimeUnit.SECONDS.toNanos(1);

  /** Snapshots may be made every few milliseconds; what is measured over seconds need not be. */
  private static final long REFRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Where nothing happens, windows only have to go on; they keep twelve copies each. */
  private static final int QUIET_REFRESHES = 12;

  private final Traffic traffic;
  private final Spans spans;
  private final long quietRefreshNanos;
  private final GrowthWindow window;
  private final GrowthWindow busyWindow;
  private final double[] totals = new double[Total.values().length];
  private final double[] busy = new double[1];
  private final double[] held = new double[Signal.values().length];
  private final Measured[] measured = new Measured[Signal.values().length];
  private long notedNanos;
  private long changedNanos = ModelSnapshot.NEVER;

  /**
   * Over how much traffic is measured.
   *
   * @param window of everything but the busy ratio
   * @param busyWindow of the busy ratio
   * @param minSamples at an address before a mean counts
   */
  record Spans(Duration window, Duration busyWindow, int minSamples) {}

  TrafficWindow(Traffic traffic, Spans spans, long nowNanos) {
    this.traffic = traffic;
    this.spans = spans;
    long shortest = Math.min(spans.window().toNanos(), spans.busyWindow().toNanos());
    this.quietRefreshNanos = Math.max(REFRESH_NANOS, shortest / QUIET_REFRESHES);
    this.window = new GrowthWindow(totals.length, spans.window().toNanos());
    this.busyWindow = new GrowthWindow(busy.length, spans.busyWindow().toNanos());
    Arrays.fill(held, Double.NaN);
    Arrays.fill(measured, Measured.UNKNOWN);
    // What was counted before somebody looked was counted lately.
    window.note(totals, nowNanos);
    note(nowNanos);
  }

  /** Whether this is the window over that traffic. */
  boolean isOver(Traffic other) {
    return traffic == other;
  }

  /** What is known of a signal; {@link Measured#UNKNOWN} for those that are not our own. */
  Measured measured(Signal signal) {
    return measured[signal.ordinal()];
  }

  /** When an exchange last changed anything, or {@link ModelSnapshot#NEVER}. */
  long changedNanos() {
    return changedNanos;
  }

  /** Brings what is known up to date, unless that was done a moment ago. */
  void refresh(long nowNanos) {
    if (nowNanos - notedNanos >= (quiet() ? quietRefreshNanos : REFRESH_NANOS)) {
      note(nowNanos);
    }
  }

  private boolean quiet() {
    return traffic.inFlight() == 0 && unchanged(Total.ENDED) && unchanged(Total.FIRST_TOKENS);
  }

  private boolean unchanged(Total total) {
    return traffic.total(total) == (long) totals[total.ordinal()];
  }

  private void note(long nowNanos) {
    notedNanos = nowNanos;
    double before = totals[Total.ENDED.ordinal()] + totals[Total.FIRST_TOKENS.ordinal()];
    traffic.read(totals);
    if (totals[Total.ENDED.ordinal()] + totals[Total.FIRST_TOKENS.ordinal()] > before) {
      changedNanos = nowNanos;
    }
    busy[0] = totals[Total.BUSY_NANOS.ordinal()];
    window.note(totals, nowNanos);
    busyWindow.note(busy, nowNanos);
    measure();
  }

  private void measure() {
    seconds(Signal.TTFT_SECONDS, Total.FIRST_TOKENS, Total.FIRST_TOKEN_NANOS, Total.FIRST_TOKENS);
    seconds(Signal.E2E_SECONDS, Total.ANSWERS, Total.ANSWER_NANOS, Total.ANSWERS);
    seconds(
        Signal.PREFILL_SECONDS_PER_TOKEN,
        Total.PREFILLED_ANSWERS,
        Total.PREFILL_NANOS,
        Total.PREFILLED_TOKENS);
    for (var signal : new Signal[] {Signal.ITL_SECONDS, Signal.DECODE_SECONDS_PER_TOKEN}) {
      seconds(signal, Total.DECODED_ANSWERS, Total.DECODE_NANOS, Total.DECODED_TOKENS);
    }
    mean(Signal.ERROR_RATIO, Total.ENDED, growth(Total.FAILED) / growth(Total.ENDED));
    rate(Signal.PROMPT_TOKENS_PER_SECOND, Total.PROMPTED_ANSWERS, Total.PROMPT_TOKENS);
    rate(Signal.OUTPUT_TOKENS_PER_SECOND, Total.MEASURED_ANSWERS, Total.OUTPUT_TOKENS);
    busyRatio();
  }

  private double growth(Total total) {
    return window.growth(total.ordinal());
  }

  private void seconds(Signal signal, Total samples, Total nanos, Total per) {
    mean(signal, samples, growth(nanos) * SECONDS_PER_NANO / growth(per));
  }

  /**
   * @param recent the mean over the window; not finite where it has no sample
   */
  private void mean(Signal signal, Total samples, double recent) {
    boolean enough = totals[samples.ordinal()] >= spans.minSamples();
    if (enough && Double.isFinite(recent)) {
      held[signal.ordinal()] = recent;
      measured[signal.ordinal()] = Measured.known(recent);
    } else {
      measured[signal.ordinal()] = withoutRecent(held[signal.ordinal()]);
    }
  }

  private Measured withoutRecent(double before) {
    if (growth(Total.FAILED) >= spans.minSamples()) {
      // It had its chance, and failed; in a window it gets another.
      return Measured.UNKNOWN;
    }
    boolean underWay = traffic.inFlight() > 0;
    return underWay && !Double.isNaN(before) ? Measured.known(before) : Measured.open(before);
  }

  /** Where answers do not tell how many tokens they cost, nothing is to be assumed. */
  private void rate(Signal signal, Total samples, Total tokens) {
    int min = spans.minSamples();
    if (totals[samples.ordinal()] >= min && window.spanNanos() > 0) {
      double seconds = window.spanNanos() * SECONDS_PER_NANO;
      measured[signal.ordinal()] = Measured.known(growth(tokens) / seconds);
    } else {
      boolean silent = totals[Total.ANSWERS.ordinal()] >= min;
      measured[signal.ordinal()] = silent ? Measured.UNKNOWN : Measured.open(Double.NaN);
    }
  }

  private void busyRatio() {
    long span = busyWindow.spanNanos();
    measured[Signal.BUSY_RATIO.ordinal()] =
        span == 0
            ? Measured.UNKNOWN
            : Measured.known(Math.clamp(busyWindow.growth(0) / span, 0, 1));
  }
}
