package io.signalbox.simulator;

import java.time.Duration;

/**
 * One way for an engine to misbehave. At most one is in force; it applies to requests that arrive
 * from {@link EngineSimulator#inject} on until {@link EngineSimulator#clearFault}, and stays with
 * them to their end.
 *
 * <p>{@code /v1/models} and {@code /tokenize} always work.
 */
public sealed interface Fault {
  /** Concerns completions only. */
  sealed interface CompletionFault extends Fault {}

  /** Concerns {@code /metrics} only. */
  sealed interface MetricsFault extends Fault {}

  /** None: the engine behaves. */
  record None() implements Fault {}

  /**
   * Stops answering without closing the connection.
   *
   * @param afterTokens tokens delivered first, 0 or more; at 0 the request is accepted and nothing
   *     happens, not even queueing
   */
  record Stall(int afterTokens) implements CompletionFault {
    public Stall {
      requireNotNegative(afterTokens);
    }
  }

  /**
   * Closes the connection (HTTP/2: resets the stream).
   *
   * @param afterTokens tokens of a stream delivered first, 0 or more; at 0 the request is not even
   *     queued
   */
  record Reset(int afterTokens) implements CompletionFault {
    public Reset {
      requireNotNegative(afterTokens);
    }
  }

  /**
   * Answers with an error at once.
   *
   * @param status 400 to 599
   */
  record ServerError(int status) implements CompletionFault {
    public ServerError {
      if (status < 400 || status > 599) {
        throw new IllegalArgumentException("status must be 400 to 599: " + status);
      }
    }
  }

  /**
   * Holds each request back before it is queued.
   *
   * @param delay 1 ms or more
   */
  record SlowFirstByte(Duration delay) implements CompletionFault {
    public SlowFirstByte {
      if (delay.toMillis() < 1) {
        throw new IllegalArgumentException("delay must be at least 1 ms: " + delay);
      }
    }
  }

  /** {@code /health} answers 503. */
  record Unhealthy() implements Fault {}

  /** {@code /metrics} answers 503. */
  record MetricsGone() implements MetricsFault {}

  /** {@code /metrics} accepts and never answers. */
  record MetricsStall() implements MetricsFault {}

  /** {@code /metrics} answers 200 with text that is not Prometheus text. */
  record MetricsGarbled() implements MetricsFault {}

  /** {@code /metrics} answers what it would have answered when it was asked first. */
  record MetricsFrozen() implements MetricsFault {}

  private static void requireNotNegative(int afterTokens) {
    if (afterTokens < 0) {
      throw new IllegalArgumentException("afterTokens must not be negative: " + afterTokens);
    }
  }
}
