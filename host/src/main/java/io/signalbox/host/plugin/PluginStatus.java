package io.signalbox.host.plugin;

import io.signalbox.sdk.Signal;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * What there is to say of one plugin at one instant.
 *
 * @param language {@code javascript}, {@code python} or {@code java}; empty where there is no
 *     version
 * @param placement where its calls run: {@code worker} or {@code inline}
 * @param versions newest first
 * @param strategies those that chains can name now
 * @param problem what is wrong with its file now; empty where nothing is
 */
public record PluginStatus(
    String name,
    String language,
    String placement,
    List<VersionStatus> versions,
    List<StrategyStatus> strategies,
    String problem) {
  public PluginStatus {
    versions = List.copyOf(versions);
    strategies = List.copyOf(strategies);
  }

  PluginStatus with(List<StrategyStatus> now) {
    return new PluginStatus(name, language, placement, versions, now, problem);
  }

  /**
   * One version.
   *
   * @param state {@code active}, {@code trial}, {@code retired}, {@code rejected} or {@code
   *     quarantined}
   * @param problem empty where nothing is wrong
   */
  public record VersionStatus(
      int number, String digest, Instant at, String state, String problem) {}

  /**
   * One strategy.
   *
   * @param breaker {@code closed}, {@code open} or {@code half-open}; {@code none} for a jar, which
   *     is called without one
   * @param lastProblem empty where nothing went wrong
   */
  public record StrategyStatus(
      String id,
      String kind,
      Set<Signal> needs,
      String breaker,
      String lastProblem,
      CallCounts calls,
      Agreement shadow) {}

  /** Calls since the start, over all versions; all {@code NaN} for a jar's, which nobody counts. */
  public record CallCounts(double answered, double late, double failed, double skipped) {}

  /**
   * How a shadowing version compares with what was decided.
   *
   * @param meanRegret 0 to 1; {@code NaN} where nothing was compared
   */
  public record Agreement(long comparisons, double agreements, double meanRegret) {}
}
