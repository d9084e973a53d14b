package io.signalbox.host.script;

import io.signalbox.host.strategy.EndpointTable;
import io.signalbox.host.strategy.TableCandidates;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.Signal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** The guest's tables of the models it was asked about last. Belongs to one context. */
final class TableCache {
  static final int MAX_MODELS = 16;
  private static final int MAX_LONE_ENDPOINTS = 256;

  private final Function<EndpointTable, GuestTable> make;
  private final Signal[] requested;
  private final Map<String, GuestTable> byModel = new Bounded<>(MAX_MODELS);
  private final Map<Endpoint, GuestTable> lone = new Bounded<>(MAX_LONE_ENDPOINTS);

  /**
   * An empty cache.
   *
   * @param needs what the plugin's strategies need
   */
  TableCache(Function<EndpointTable, GuestTable> make, Stream<Signal> needs) {
    this.make = make;
    this.requested =
        needs
            .filter(signal -> signal.source() == Signal.Source.REQUEST)
            .distinct()
            .toArray(Signal[]::new);
  }

  /** The table of these candidates, ready for a call. */
  GuestTable prepare(TableCandidates candidates) {
    var model = candidates.endpoint(0).model();
    var table = byModel.get(model);
    if (table == null || !table.fits(candidates.table())) {
      table = make.apply(candidates.table());
      byModel.put(model, table);
    }
    table.prepare(candidates, requested);
    return table;
  }

  /** A table with this endpoint in it: one in use, else one of its own, without signals. */
  GuestTable holding(Endpoint endpoint) {
    var table = byModel.get(endpoint.model());
    return table != null && table.row(endpoint) >= 0
        ? table
        : lone.computeIfAbsent(endpoint, _ -> make.apply(new Lone(endpoint)));
  }

  /** One endpoint of which nothing is known. */
  private record Lone(Endpoint endpoint) implements EndpointTable {
    @Override
    public int size() {
      return 1;
    }

    @Override
    public Endpoint endpoint(int row) {
      return endpoint;
    }

    @Override
    public double value(Signal signal, int row) {
      return Double.NaN;
    }
  }

  /** Forgets what was used least recently. */
  private static final class Bounded<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1;
    private final int max;

    Bounded(int max) {
      super(16, 0.75f, true);
      this.max = max;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
      return size() > max;
    }
  }
}
