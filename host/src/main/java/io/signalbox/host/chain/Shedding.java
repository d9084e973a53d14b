package io.signalbox.host.chain;

import io.signalbox.host.request.SteeringHeaders;
import io.signalbox.host.signals.ModelSnapshot;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Signal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Refuses requests of a negative priority while the endpoints of their model are full, so that
 * there is room for the others. Which priority a request has, the objective says that it names.
 *
 * <p>How full an endpoint is: the greater of its waiting requests by {@value #WAITING_WHEN_FULL}
 * and its share of KV cache in use by {@value #KV_CACHE_WHEN_FULL}. Endpoints are full where the
 * mean over all that tell is 1 or more; where nobody tells, nobody is refused. Source: the
 * utilization-detector of llm-d-router.
 */
final class Shedding {
  private static final double WAITING_WHEN_FULL = 5;
  private static final double KV_CACHE_WHEN_FULL = 0.8;

  private final Map<String, Integer> priorities;

  Shedding(Map<String, Integer> priorities) {
    this.priorities = priorities;
  }

  /** Whether the request goes without. */
  boolean sheds(RouteRequest request, ModelSnapshot model) {
    // Mostly nothing is configured, and this costs a look.
    if (priorities.isEmpty()) {
      return false;
    }
    var objective = objective(request);
    return objective != null && priorities.getOrDefault(objective, 0) < 0 && fullness(model) >= 1;
  }

  private static @Nullable String objective(RouteRequest request) {
    var objective = request.header(SteeringHeaders.OBJECTIVE);
    return objective == null ? request.header(SteeringHeaders.OBJECTIVE_BEFORE) : objective;
  }

  /** The mean; {@code NaN} where no endpoint tells. */
  private static double fullness(ModelSnapshot model) {
    double sum = 0;
    int known = 0;
    for (int i = 0; i < model.size(); i++) {
      double fullness =
          max(
              model.value(Signal.WAITING, i) / WAITING_WHEN_FULL,
              model.value(Signal.KV_CACHE_USAGE, i) / KV_CACHE_WHEN_FULL);
      if (model.availability(i).takesRequests() && !Double.isNaN(fullness)) {
        sum += fullness;
        known++;
      }
    }
    return sum / known;
  }

  /** The greater; unknown only where both are. */
  private static double max(double one, double other) {
    return Double.isNaN(one) ? other : Double.isNaN(other) ? one : Math.max(one, other);
  }
}
