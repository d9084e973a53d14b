package io.signalbox.sdk;

/** Chooses one candidate and so ends the chain. */
public non-sealed interface Picker extends Strategy {
  /** What {@link #pick} returns to leave the choice to the final random pick. */
  int NO_CHOICE = -1;

  /**
   * The index of the chosen candidate, 0 to {@code candidates.size() - 1}, or {@link #NO_CHOICE}.
   */
  int pick(RouteRequest request, Candidates candidates);
}
