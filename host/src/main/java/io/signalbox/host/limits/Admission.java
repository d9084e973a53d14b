package io.signalbox.host.limits;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a request was admitted with, until it is over: what it was expected to take is reserved, and
 * its place counts. Ends once: whatever else is said after the first end does nothing. Safe for any
 * thread.
 */
public final class Admission {
  /** Of a request that nobody limits. */
  public static final Admission NONE =
      new Admission(List.of(), Estimate.NONE, () -> 0, Standing.NONE, null);

  private final List<Share> shares;
  private final Estimate estimate;
  private final LongSupplier nanoTime;
  private final Standing standing;
  private final @Nullable SharedShare shared;
  private final AtomicBoolean over = new AtomicBoolean();

  Admission(
      List<Share> shares,
      Estimate estimate,
      LongSupplier nanoTime,
      Standing standing,
      @Nullable SharedShare shared) {
    this.shares = shares;
    this.estimate = estimate;
    this.nanoTime = nanoTime;
    this.standing = standing;
    this.shared = shared;
  }

  /**
   * The request is over, and an engine worked on it.
   *
   * @param promptTokens as the engine counted them; {@code NaN} where it did not say
   * @param outputTokens likewise; where it said neither, what was expected counts
   */
  public void settle(double promptTokens, double outputTokens) {
    if (end()) {
      settled(estimate.used(promptTokens, outputTokens));
    }
  }

  /** The request is over, and an engine answered without working on it. */
  public void settleUnserved() {
    if (end()) {
      settled(0);
    }
  }

  private void settled(long used) {
    long now = nanoTime.getAsLong();
    long reserved = estimate.total();
    for (int i = 0; i < shares.size(); i++) {
      shares.get(i).settle(reserved, used, now);
    }
    if (shared != null) {
      shared.settle(reserved, used);
    }
  }

  /** The request reached no engine: it took nothing, not even itself. */
  public void giveBack() {
    if (end()) {
      long now = nanoTime.getAsLong();
      for (int i = 0; i < shares.size(); i++) {
        shares.get(i).giveBack(estimate.total(), now);
      }
      if (shared != null) {
        shared.giveBack(estimate.total());
      }
    }
  }

  private boolean end() {
    return this != NONE && over.compareAndSet(false, true);
  }

  /** What the answer says of the limits, by header; empty where there are none. */
  public Map<String, String> headers() {
    return standing.headers();
  }
}
