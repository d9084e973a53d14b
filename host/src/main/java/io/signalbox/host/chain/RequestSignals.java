package io.signalbox.host.chain;

import io.signalbox.host.strategy.TableCandidates;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Signal;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

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

  /** The same, and says what is missing of the caches of engines. */
  default RequestSignals missing(Function<RouteRequest, Optional<String>> ofCaches) {
    var known = this;
    return new RequestSignals() {
      @Override
      public Optional<String> missingOfCaches(RouteRequest request) {
        return ofCaches.apply(request);
      }

      @Override
      public void fill(
          Signal signal, RouteRequest request, TableCandidates candidates, double[] into) {
        known.fill(signal, request, candidates, into);
      }
    };
  }

  /**
   * What is missing where the caches of engines are looked at, as {@code what how}; empty where
   * nothing is.
   */
  default Optional<String> missingOfCaches(RouteRequest request) {
    return Optional.empty();
  }

  /**
   * Fills in one value for each candidate, {@code NaN} where unknown.
   *
   * @param signal one whose source is the request
   * @param into at least {@code candidates.size()} long
   */
  void fill(Signal signal, RouteRequest request, TableCandidates candidates, double[] into);
}
