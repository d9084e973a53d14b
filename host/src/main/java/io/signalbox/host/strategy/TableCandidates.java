package io.signalbox.host.strategy;

import io.signalbox.sdk.Candidates;

/** Candidates of which it is known in which rows of which table they stand. */
public interface TableCandidates extends Candidates {
  /** Where the candidates come from. */
  EndpointTable table();

  /** The row of one candidate, ascending with {@code index}. */
  int row(int index);
}
