package io.signalbox.host.prefill;

import io.signalbox.host.telemetry.PrefillMetrics.Outcome;

/** How a prefill call ended. */
sealed interface CallEnd {
  /** How it is counted. */
  Outcome outcome();

  /** The prompt was computed. */
  record Computed(EngineAnswer answer) implements CallEnd {
    @Override
    public Outcome outcome() {
      return Outcome.SUCCESS;
    }
  }

  /** The engine found fault with the request, as any other would. */
  record Rejected(EngineAnswer answer) implements CallEnd {
    @Override
    public Outcome outcome() {
      return Outcome.REJECTED;
    }
  }

  /**
   * The prompt was not computed.
   *
   * @param why of the endpoint, such as {@code answered 500}
   */
  record Failed(Outcome outcome, String why) implements CallEnd {}
}
