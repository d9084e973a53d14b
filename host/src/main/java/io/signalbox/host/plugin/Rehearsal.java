package io.signalbox.host.plugin;

import io.signalbox.host.script.Script;
import io.signalbox.host.script.ScriptException;
import io.signalbox.host.script.ScriptException.Kind;
import io.signalbox.host.script.ScriptStrategy;
import io.signalbox.host.strategy.EndpointTable;
import io.signalbox.host.strategy.TableCandidates;
import io.signalbox.sdk.Filter;
import io.signalbox.sdk.Parameters;
import io.signalbox.sdk.Picker;
import io.signalbox.sdk.RequestRefusedException;
import io.signalbox.sdk.Scorer;
import io.signalbox.sdk.Strategy;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Tries a script before it decides about requests: on endpoints that do not exist, with everything
 * known of them and with nothing, and on those that do; then calls it until it is warm.
 *
 * <p>Done in a context of its own, which is thrown away: what a script remembers of its rehearsal
 * must not count in what follows. Compiled JavaScript stays, it belongs to the engine. Python is
 * compiled anew in each context; what stays is that the runtime has met such code.
 */
final class Rehearsal {
  /** As many calls as the compiler needs to see that something is worth it. */
  static final int WARM_CALLS = 3_000;

  /** Endpoints of a sample fleet. */
  static final int SAMPLES = 8;

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

  /** A strategy, asked about a fleet. */
  interface Question {
    void ask(TableCandidates fleet);

    /** Of a script; for its thread. It may refuse the request. */
    static Question of(ScriptStrategy strategy) {
      var parameters = Parameters.of(strategy.description().parameters(), Map.of());
      return fleet -> Rehearsal.call(strategy, fleet, parameters);
    }

    /** Of a jar. It may refuse the request. */
    static Question of(Strategy strategy) {
      return fleet -> {
        try {
          call(strategy, fleet);
        } catch (RequestRefusedException _) {
          // An answer like any other.
        }
      };
    }

    private static void call(Strategy strategy, TableCandidates fleet) {
      switch (strategy) {
        case Scorer scorer -> scorer.score(REQUEST, fleet, new double[fleet.size()]);
        case Filter filter -> filter.filter(REQUEST, fleet, new boolean[fleet.size()]);
        case Picker picker -> {
          int pick = picker.pick(REQUEST, fleet);
          if (pick < Picker.NO_CHOICE || pick >= fleet.size()) {
            throw new PluginException("it picked " + pick + " of " + fleet.size() + " endpoints");
          }
        }
      }
    }
  }

  /**
   * Every strategy on every fleet; for the script's thread.
   *
   * @throws ScriptException when one fails, except that it may refuse the request
   */
  void dryRun(Script script) {
    script.strategies().forEach(strategy -> dryRun(Question.of(strategy)));
  }

  /** One strategy on every fleet. */
  void dryRun(Question question) {
    fleets.forEach(question::ask);
  }

  /** Calls every strategy until it is warm, or time is up; for the script's thread. */
  void warmUp(Script script) {
    long endNanos = System.nanoTime() + warmUp.toNanos();
    script.strategies().forEach(strategy -> warmUp(Question.of(strategy), endNanos));
  }

  private void warmUp(Question question, long endNanos) {
    for (int i = 0; i < WARM_CALLS && System.nanoTime() < endNanos; i++) {
      question.ask(fleets.getLast());
    }
  }

  /**
   * The time of one call on {@link #SAMPLES} endpoints, in nanoseconds: the median of some.
   *
   * @param warmUp how long it is called before, however warm it seems to be: compilers take their
   *     time
   */
  static long callNanos(Question question, Duration warmUp) {
    var fleet = new WholeTable(new SampleFleet(SAMPLES, SampleFleet.Signals.KNOWN));
    for (long start = System.nanoTime(); System.nanoTime() - start < warmUp.toNanos(); ) {
      question.ask(fleet);
    }
    var times = new long[101];
    for (int i = 0; i < times.length; i++) {
      long start = System.nanoTime();
      question.ask(fleet);
      times[i] = System.nanoTime() - start;
    }
    Arrays.sort(times);
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
