package io.signalbox.host.signals;

import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.strategy.EndpointTable;
import io.signalbox.sdk.Signal;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The endpoints of one model and what was known about them at one instant, as columns. Immutable,
 * but for in-flight counts, which are read live.
 */
public final class ModelSnapshot implements EndpointTable {
  /** Stands for the time of a sample that was never taken. */
  public static final long NEVER = Long.MIN_VALUE;

  /** No endpoints. */
  public static final ModelSnapshot EMPTY = new ModelSnapshot(new ModelColumns(List.of(), 0));

  private final RegisteredEndpoint[] endpoints;
  private final Availability[] availability;
  private final String[] engines;
  private final int[] ready;
  private final boolean someHalfOpen;
  private final double[][] columns;
  private final long[][] sampledAtNanos;
  private final List<Optional<LoadedAdapters>> adapters;

  /** A snapshot of finished columns, whose arrays it takes over. */
  ModelSnapshot(ModelColumns finished) {
    this.endpoints = finished.endpoints().toArray(RegisteredEndpoint[]::new);
    this.availability = finished.availability();
    this.engines = finished.engines();
    this.ready = ready(availability);
    this.someHalfOpen =
        Arrays.stream(ready).anyMatch(position -> availability[position] == Availability.HALF_OPEN);
    this.columns = finished.values();
    this.sampledAtNanos = finished.times();
    this.adapters = finished.adapters();
  }

  private static int[] ready(Availability[] availability) {
    var all = IntStream.range(0, availability.length);
    var ready =
        IntStream.range(0, availability.length)
            .filter(position -> availability[position].takesRequests())
            .toArray();
    return ready.length == 0 ? all.toArray() : ready;
  }

  /**
   * Copies the positions of the endpoints that are candidates, ascending, and says how many there
   * are: those that are ready, and of those that were ejected whoever may show now that it works;
   * or all where there are none, since then it may be our side that is cut off.
   *
   * @param into at least as long as there are endpoints
   */
  public int copyReady(int[] into) {
    if (!someHalfOpen) {
      System.arraycopy(ready, 0, into, 0, ready.length);
      return ready.length;
    }
    int count = 0;
    for (int position : ready) {
      if (availability[position] == Availability.READY || mayShow(endpoints[position])) {
        into[count++] = position;
      }
    }
    if (count == 0) {
      System.arraycopy(ready, 0, into, 0, ready.length);
      return ready.length;
    }
    return count;
  }

  /** Read live: one request at a time, and none after one that failed. */
  private static boolean mayShow(RegisteredEndpoint endpoint) {
    return endpoint.inFlight() == 0 && endpoint.traffic().failuresInARow() == 0;
  }

  /** Whether this endpoint can be a candidate, or what keeps it from that. */
  public Availability availability(int position) {
    return availability[position];
  }

  /** The kind of engine this endpoint turned out to be; empty where nobody knows. */
  public String engine(int position) {
    return engines[position];
  }

  @Override
  public int size() {
    return endpoints.length;
  }

  @Override
  public RegisteredEndpoint endpoint(int position) {
    return endpoints[position];
  }

  /**
   * Copies the values of a signal at some endpoints.
   *
   * @param positions places of the endpoints in this snapshot
   * @param size how many of {@code positions} count
   * @param into at least {@code size} long
   */
  public void gather(Signal signal, int[] positions, int size, double[] into) {
    if (signal == Signal.IN_FLIGHT) {
      for (int i = 0; i < size; i++) {
        into[i] = endpoints[positions[i]].inFlight();
      }
      return;
    }
    var column = columns[signal.ordinal()];
    for (int i = 0; i < size; i++) {
      into[i] = column[positions[i]];
    }
  }

  @Override
  public double value(Signal signal, int position) {
    return signal == Signal.IN_FLIGHT
        ? endpoints[position].inFlight()
        : columns[signal.ordinal()][position];
  }

  /** When a signal was last sampled at one endpoint, or {@link #NEVER}; not for our own signals. */
  public long sampledAtNanos(Signal signal, int position) {
    return sampledAtNanos[signal.ordinal()][position];
  }

  /**
   * How ready an endpoint is for a LoRA adapter, as {@link Signal#ADAPTER_AFFINITY} says; {@code
   * NaN} where its engine does not tell.
   */
  public double adapterAffinity(String adapter, int position) {
    var its = adapters.get(position);
    return its.isEmpty() ? Double.NaN : its.get().affinity(adapter);
  }
}
