package io.signalbox.host.cases;

import io.signalbox.sdk.Completion;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.RouteRequest;
import java.util.List;

/** One thing that happens in a case. */
public sealed interface Step {
  /**
   * The strategy is asked.
   *
   * @param expectations at least one; all must be met
   */
  record Ask(RouteRequest request, CaseCandidates candidates, List<Expectation> expectations)
      implements Step {
    public Ask {
      expectations = List.copyOf(expectations);
    }
  }

  /** A strategy that observes is told what became of a request; others are told nothing. */
  record Happened(RouteRequest request, Endpoint endpoint, Event event) implements Step {}

  /** A new version takes over, with the state that the old one saved. */
  record Reload() implements Step {}

  /** What can become of a request. */
  sealed interface Event {
    /** The endpoint was chosen. */
    record Reserved() implements Event {}

    /** The answer's first byte came, so many seconds after the decision. */
    record FirstToken(double seconds) implements Event {}

    /** The engine answered to the end. */
    record Completed(Completion completion) implements Event {}

    /** The engine failed. */
    record Failed() implements Event {}

    /** The client went away. */
    record Cancelled() implements Event {}
  }
}
