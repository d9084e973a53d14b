package io.signalbox.host.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What an endpoint can do, measured before: tables over the length of answers and of prompts. A row
 * of a table belongs to a number of {@code outputTokens}, a number in it to one of {@code
 * promptTokens}.
 *
 * @param outputTokens at least one, ascending
 * @param promptTokens likewise
 * @param requestsPerSecond the most at which targets are met; 0 where they never are
 * @param e2eSeconds how long a request then takes
 * @param ttftSeconds to its first token; empty where not measured
 */
public record GpuProfileConfig(
    List<Double> outputTokens,
    List<Double> promptTokens,
    List<List<Double>> requestsPerSecond,
    List<List<Double>> e2eSeconds,
    List<List<Double>> ttftSeconds,
    Slo slo) {
  /** The profile of endpoints that name none. */
  public static final String DEFAULT = "default";

  /** The label by which an endpoint names its profile. */
  public static final String LABEL = "gpu";

  public GpuProfileConfig {
    outputTokens = List.copyOf(outputTokens);
    promptTokens = List.copyOf(promptTokens);
    requestsPerSecond = List.copyOf(requestsPerSecond);
    e2eSeconds = List.copyOf(e2eSeconds);
    ttftSeconds = List.copyOf(ttftSeconds);
  }

  /**
   * The times aimed at.
   *
   * @param tpot for a token of the answer after the first
   * @param ttft to the first token
   * @param tpat for a token of prompt and answer
   * @param e2e for the whole
   */
  public record Slo(
      Optional<Duration> tpot,
      Optional<Duration> ttft,
      Optional<Duration> tpat,
      Optional<Duration> e2e) {
    /** No target. */
    public static final Slo NONE =
        new Slo(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }
}
