package io.signalbox.host.strategy;

import io.signalbox.sdk.Candidates;

/**
 * Candidates of which it is known in which rows of which table they stand. Unlike those on the
 * event loop, they may be used on another thread, by one at a time.
 */
public interface TableCandidates extends Candidates {
  /** Where the candidates come from. */
  EndpointTable table();

  /** The row of one candidate, ascending with {@code index}. */
  int row(int index);
}
