package io.signalbox.sdk;

/**
 * The endpoints still in play inside one run of a chain, in {@linkplain Endpoint#BY_ADDRESS address
 * order}, as columns: one array per signal, indexed by candidate.
 *
 * <p>A view that the host reuses: it, and every array it hands out, is valid only until the
 * strategy returns, on the thread that called the strategy.
 */
public interface Candidates {
  /** How many there are; at least 1 when a strategy is called. */
  int size();

  /**
   * One of them.
   *
   * @param index 0 to {@code size() - 1}
   */
  Endpoint endpoint(int index);

  /**
   * The values of a signal; {@code NaN} where unknown. Only the first {@link #size()} elements mean
   * anything. Must not be written to.
   */
  double[] column(Signal signal);
}
