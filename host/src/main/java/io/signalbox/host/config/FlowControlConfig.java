package io.signalbox.host.config;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * How requests wait while the endpoints of their model are full.
 *
 * @param enabled false: nobody waits for that
 * @param maxWaiting requests of a model that may wait, 1 or more
 * @param maxWait how long one may, more than 0
 * @param full when an endpoint is
 * @param weights what a user is charged
 */
public record FlowControlConfig(
    boolean enabled, int maxWaiting, Duration maxWait, Full full, Weights weights) {
  /** All defaults. */
  public static final FlowControlConfig DEFAULT =
      new FlowControlConfig(
          false,
          1_000,
          Duration.ofSeconds(30),
          new Full(OptionalInt.empty(), 5, 0.8),
          new Weights(1, 2));

  /**
   * An endpoint is full from any of these on. Source of the defaults: the utilization-detector of
   * llm-d-router.
   *
   * @param inFlight requests of ours at the endpoint, 1 or more; empty: any number
   * @param waiting requests that wait in its engine, 1 or more
   * @param kvCacheRatio of its KV cache in use, above 0 and below 1
   */
  public record Full(OptionalInt inFlight, int waiting, double kvCacheRatio) {}

  /**
   * What tokens cost; not both 0.
   *
   * @param prompt each of a prompt, 0 or more
   * @param output each of an answer, 0 or more
   */
  public record Weights(int prompt, int output) {}
}
