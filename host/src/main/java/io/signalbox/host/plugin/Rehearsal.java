package io.signalbox.host.plugin;

import io.signalbox.host.script.Script;
import io.signalbox.host.script.ScriptException;
import io.signalbox.host.script.ScriptException.Kind;
import io.signalbox.host.script.ScriptStrategy;
import io.signalbox.host.strategy.EndpointTable;
import io.signalbox.host.strategy.TableCandidates;
import io.signalbox.sdk.Parameters;
import java.time.Duration;
import java.util.List;

/**
 * Tries a script before it decides about requests: on endpoints that do not exist, with everything
 * known of them and with nothing, and on those that do; then calls it until it is warm.
 *
 * <p>Done in a context of its own, which is thrown away: what a script remembers of its rehearsal
 * must not count in what follows. The compiled code stays, it belongs to the engine.
 */
final class Rehearsal {
  /** As many calls as the compiler needs to see that something is worth it. */
  static final int WARM_CALLS = 3_000;

  private static final int SAMPLES = 8;
  private static final SampleRequest REQUEST = new SampleRequest();

  private final List<TableCandidates> fleets;
  private final Duration warmUp;
  private final Duration patience;

  /**
   * A rehearsal.
   *
   * @param current the endpoints there are; may have none
   * @param warmUp how long calls for warmth may take
   * @param patience how long all other calls may take
   */
  Rehearsal(EndpointTable current, Duration warmUp, Duration patience) {
    var known = new WholeTable(new SampleFleet(SAMPLES, SampleFleet.Signals.KNOWN));
    var unknown = new WholeTable(new SampleFleet(SAMPLES, SampleFleet.Signals.UNKNOWN));
    var one = new WholeTable(new SampleFleet(1, SampleFleet.Signals.KNOWN));
    this.fleets =
        current.size() == 0
            ? List.of(known, unknown, one)
            : List.of(known, unknown, one, new WholeTable(current));
    this.warmUp = warmUp;
    this.patience = patience;
  }

  /**
   * One strategy on one fleet; for the script's thread.
   *
   * @throws ScriptException when the strategy fails, except that it may refuse the request
   */
  void dryRun(Script script) {
    for (var strategy : script.strategies()) {
      var parameters = Parameters.of(strategy.description().parameters(), java.util.Map.of());
      for (var fleet : fleets) {
        call(strategy, fleet, parameters);
      }
    }
  }

  /** Calls every strategy until it is warm, or time is up; for the script's thread. */
  void warmUp(Script script) {
    long endNanos = System.nanoTime() + warmUp.toNanos();
    for (var strategy : script.strategies()) {
      var parameters = Parameters.of(strategy.description().parameters(), java.util.Map.of());
      for (int i = 0; i < WARM_CALLS && System.nanoTime() < endNanos; i++) {
        call(strategy, fleets.getLast(), parameters);
      }
    }
  }

  /**
   * The time of one call once warm, in nanoseconds: the median of some; for the script's thread.
   */
  long callNanos(Script script) {
    var strategy = script.strategies().getFirst();
    var parameters = Parameters.of(strategy.description().parameters(), java.util.Map.of());
    var times = new long[101];
    for (int i = 0; i < times.length; i++) {
      long start = System.nanoTime();
      call(strategy, fleets.getFirst(), parameters);
      times[i] = System.nanoTime() - start;
    }
    java.util.Arrays.sort(times);
    return times[times.length / 2];
  }

  /** How long all of it may take before the script is stopped. */
  Duration limit() {
    return warmUp.plus(patience);
  }

  private static void call(ScriptStrategy strategy, TableCandidates fleet, Parameters parameters) {
    try {
      switch (strategy.description().kind()) {
        case SCORER -> strategy.score(REQUEST, fleet, parameters, new double[fleet.size()]);
        case FILTER -> strategy.filter(REQUEST, fleet, parameters, new boolean[fleet.size()]);
        case PICKER -> {
          var _ = strategy.pick(REQUEST, fleet, parameters);
        }
      }
    } catch (ScriptException e) {
      if (e.kind() != Kind.REFUSED) {
        throw e;
      }
    }
  }
}
