package io.signalbox.host.chain;

/** Tells others of decisions. Safe for any thread. */
@FunctionalInterface
public interface DecisionFeed {
  /** A request was decided. */
  void tell(String requestId, Explanation explanation);
}
