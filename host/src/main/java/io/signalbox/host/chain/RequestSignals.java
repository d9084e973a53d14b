package io.signalbox.host.chain;

import io.signalbox.host.strategy.TableCandidates;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Signal;
import java.util.Arrays;
import java.util.Map;

/**
 * Knows the signals that belong to one request and one endpoint together ({@link
 * Signal.Source#REQUEST}). Asked only for signals that a strategy of the chain declares, at most
 * once for each set of candidates. Safe for any thread; does not block.
 */
@FunctionalInterface
public interface RequestSignals {
  /** Knows nothing. */
  RequestSignals UNKNOWN =
      (signal, request, candidates, into) -> Arrays.fill(into, 0, candidates.size(), Double.NaN);

  /** Knows each signal from its own source; those without one are unknown. */
  static RequestSignals of(Map<Signal, RequestSignals> sources) {
    var bySignal = new RequestSignals[Signal.values().length];
    Arrays.fill(bySignal, UNKNOWN);
    sources.forEach((signal, source) -> bySignal[signal.ordinal()] = source);
    return (signal, request, candidates, into) ->
        bySignal[signal.ordinal()].fill(signal, request, candidates, into);
  }

  /**
   * Fills in one value for each candidate, {@code NaN} where unknown.
   *
   * @param signal one whose source is the request
   * @param into at least {@code candidates.size()} long
   */
  void fill(Signal signal, RouteRequest request, TableCandidates candidates, double[] into);
}
