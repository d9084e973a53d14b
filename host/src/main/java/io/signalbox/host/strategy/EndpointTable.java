package io.signalbox.host.strategy;

import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.Signal;

/**
 * The endpoints of one model and their signals at one instant, by row. Safe for any thread.
 * Immutable, but for {@link Signal#live() live} signals: who derives something from the other
 * columns may keep it for as long as the table is the same object.
 */
public interface EndpointTable {
  /** How many rows there are; may be 0. */
  int size();

  /**
   * One endpoint, in address order.
   *
   * @param row 0 to {@code size() - 1}
   */
  Endpoint endpoint(int row);

  /**
   * The value of a signal at one endpoint; {@code NaN} where unknown or too old, and for what
   * belongs to a request ({@link Signal.Source#REQUEST}).
   */
  double value(Signal signal, int row);
}
