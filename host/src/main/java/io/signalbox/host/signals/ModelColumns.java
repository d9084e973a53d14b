package io.signalbox.host.signals;

import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.signals.Measured.Standing;
import io.signalbox.sdk.Signal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The columns of one model in the making. What an engine tells comes before what we measured; and
 * where there was too little traffic to tell, an endpoint counts as the best known of the model.
 */
final class ModelColumns {
  private static final Signal[] SIGNALS = Signal.values();
  private static final Signal[] OWN =
      Arrays.stream(SIGNALS)
          .filter(signal ->
              switch (signal.source()) {
                case OWN, ENGINE_ELSE_OWN -> !signal.live();
                case ENGINE, REQUEST -> false;
              })
          .toArray(Signal[]::new);

  private final List<RegisteredEndpoint> endpoints;
  private final double mostOpenInFlight;
  private final double[][] values;
  private final long[][] times;
  private final boolean[][] open;
  private final Availability[] availability;
  private final String[] engines;
  private final List<Optional<LoadedAdapters>> adapters;

  /**
   * Columns of which nothing is known.
   *
   * @param minSamples how many requests an endpoint may have in flight, at least, and count as the
   *     best of those known; in any case as many as the endpoints have on average
   */
  ModelColumns(List<RegisteredEndpoint> endpoints, int minSamples) {
    this.endpoints = endpoints;
    this.mostOpenInFlight =
        Math.max(
            minSamples,
            endpoints.stream().mapToInt(RegisteredEndpoint::inFlight).average().orElse(0));
    this.values = new double[SIGNALS.length][endpoints.size()];
    this.times = new long[SIGNALS.length][endpoints.size()];
    this.open = new boolean[SIGNALS.length][endpoints.size()];
    this.availability = new Availability[endpoints.size()];
    this.engines = new String[endpoints.size()];
    this.adapters = new ArrayList<>(Collections.nCopies(endpoints.size(), Optional.empty()));
    Arrays.fill(availability, Availability.READY);
    Arrays.fill(engines, "");
    for (var signal : SIGNALS) {
      Arrays.fill(values[signal.ordinal()], Double.NaN);
      Arrays.fill(times[signal.ordinal()], ModelSnapshot.NEVER);
    }
  }

  /**
   * Whether the endpoint can be a candidate, and what it turned out to be.
   *
   * @param engine empty where nobody knows
   */
  void at(int position, Availability its, String engine) {
    availability[position] = its;
    engines[position] = engine;
  }

  /** The endpoint's engine has these adapters at hand. */
  void adapters(int position, LoadedAdapters its) {
    adapters.set(position, Optional.of(its));
  }

  /** Takes what our own traffic met at the endpoint. */
  void own(int position, TrafficWindow window) {
    for (var signal : OWN) {
      var measured = window.measured(signal);
      if (measured.standing() != Standing.UNKNOWN) {
        set(position, signal, measured);
        times[signal.ordinal()][position] = window.changedNanos();
      }
    }
  }

  /** Takes what the endpoint's engine told; to be called after {@link #own}. */
  void engine(int position, Signal signal, Measured measured, long atNanos) {
    set(position, signal, measured);
    times[signal.ordinal()][position] = atNanos;
  }

  /** The endpoint's engine told of a signal, too long ago. */
  void stale(int position, Signal signal, long atNanos) {
    if (times[signal.ordinal()][position] == ModelSnapshot.NEVER) {
      times[signal.ordinal()][position] = atNanos;
    }
  }

  private void set(int position, Signal signal, Measured measured) {
    values[signal.ordinal()][position] = measured.value();
    open[signal.ordinal()][position] = measured.standing() == Standing.OPEN;
  }

  /** To be called last. */
  ModelColumns finish() {
    for (var signal : SIGNALS) {
      fillOpen(values[signal.ordinal()], open[signal.ordinal()]);
    }
    return this;
  }

  /** In address order. */
  List<RegisteredEndpoint> endpoints() {
    return endpoints;
  }

  /** By endpoint: whether it can be a candidate. */
  Availability[] availability() {
    return availability;
  }

  /** By endpoint: the kind of engine it turned out to be; empty where nobody knows. */
  String[] engines() {
    return engines;
  }

  /** By {@link Signal#ordinal()}, then by endpoint; {@code NaN} where unknown or too old. */
  double[][] values() {
    return values;
  }

  /**
   * In the same order: when the newest sample was taken, however old; {@link ModelSnapshot#NEVER}
   * where there is none.
   */
  long[][] times() {
    return times;
  }

  /** By endpoint; empty where its engine does not tell. */
  List<Optional<LoadedAdapters>> adapters() {
    return adapters;
  }

  /**
   * Low is good in every signal that traffic makes. Where nothing is known of any endpoint, what
   * was known last stays.
   */
  private void fillOpen(double[] column, boolean[] its) {
    double best = Double.NaN;
    for (int i = 0; i < column.length; i++) {
      if (!its[i] && !(column[i] >= best)) {
        best = Double.isNaN(column[i]) ? best : column[i];
      }
    }
    if (Double.isNaN(best)) {
      return;
    }
    for (int i = 0; i < column.length; i++) {
      if (its[i] && endpoints.get(i).inFlight() <= mostOpenInFlight) {
        column[i] = best;
      }
    }
  }
}
