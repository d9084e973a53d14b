package io.signalbox.host.signals;

import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.strategy.EndpointTable;
import io.signalbox.sdk.Signal;
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
  private final boolean[] reachable;
  private final int[] ready;
  private final double[][] columns;
  private final long[][] sampledAtNanos;
  private final List<Optional<LoadedAdapters>> adapters;

  /** A snapshot of finished columns, whose arrays it takes over. */
  ModelSnapshot(ModelColumns finished) {
    this.endpoints = finished.endpoints().toArray(RegisteredEndpoint[]::new);
    this.reachable = finished.reachable();
    this.ready = ready(reachable);
    this.columns = finished.values();
    this.sampledAtNanos = finished.times();
    this.adapters = finished.adapters();
  }

  private static int[] ready(boolean[] reachable) {
    var all = IntStream.range(0, reachable.length);
    var some = IntStream.range(0, reachable.length).filter(position -> reachable[position]);
    var ready = some.toArray();
    return ready.length == 0 ? all.toArray() : ready;
  }

  /** How many endpoints are ready; 0 only where the model has none. */
  public int readyCount() {
    return ready.length;
  }

  /**
   * Copies the positions of the ready endpoints, ascending: those that can be reached, or all where
   * none can, since then it may be our side that is cut off.
   */
  public void copyReady(int[] into) {
    System.arraycopy(ready, 0, into, 0, ready.length);
  }

  /** Whether a connection to this endpoint could be made at the last try. */
  public boolean reachable(int position) {
    return reachable[position];
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
