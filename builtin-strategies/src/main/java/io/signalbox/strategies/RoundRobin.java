package io.signalbox.strategies;

import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.Picker;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Strategy;
import io.signalbox.sdk.StrategyContext;
import io.signalbox.sdk.StrategyFactory;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Chooses the next endpoint in address order, round and round, for each model.
 *
 * <p>It remembers the endpoint chosen last, not a number: when endpoints come or go, or an earlier
 * stage narrowed the candidates, the next one is still the first address after the last, and there
 * is no counter to overflow. All event loops share the position.
 *
 * <p>A binary search over the candidates and one compare-and-set; allocates only for a new model.
 */
public final class RoundRobin implements Picker {
  private final Map<String, AtomicReference<Endpoint>> lastByModel;

  private RoundRobin(Map<String, AtomicReference<Endpoint>> lastByModel) {
    this.lastByModel = lastByModel;
  }

  /** The factory of {@code round-robin}; its strategies share one position per model. */
  public static StrategyFactory factory() {
    return new Factory(new ConcurrentHashMap<>());
  }

  @Override
  public int pick(RouteRequest request, Candidates candidates) {
    // The host asks only about models in its configuration, so the map is bounded by it.
    var last = lastByModel.get(request.model());
    if (last == null) {
      last = lastByModel.computeIfAbsent(request.model(), model -> new AtomicReference<>());
    }
    while (true) {
      var previous = last.get();
      int next = previous == null ? 0 : firstAfter(previous, candidates) % candidates.size();
      if (last.compareAndSet(previous, candidates.endpoint(next))) {
        return next;
      }
    }
  }

  /**
   * The index of the first candidate whose address is greater; {@code size()} where there is none.
   */
  private static int firstAfter(Endpoint previous, Candidates candidates) {
    int low = 0;
    int high = candidates.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Endpoint.BY_ADDRESS.compare(candidates.endpoint(middle), previous) > 0) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private record Factory(Map<String, AtomicReference<Endpoint>> lastByModel)
      implements StrategyFactory {
    @Override
    public String id() {
      return "round-robin";
    }

    @Override
    public Strategy create(StrategyContext context) {
      return new RoundRobin(lastByModel);
    }
  }
}
