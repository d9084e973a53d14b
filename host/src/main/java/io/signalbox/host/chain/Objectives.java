package io.signalbox.host.chain;

import io.signalbox.host.request.SteeringHeaders;
import io.signalbox.sdk.RouteRequest;
import java.util.Map;

/** What requests are worth, by the objective that they name. Immutable. */
record Objectives(Map<String, Integer> priorities) {
  Objectives {
    priorities = Map.copyOf(priorities);
  }

  /**
   * Higher is worth more; 0 where the request names no objective, or one that nobody configured.
   */
  int priority(RouteRequest request) {
    // Mostly nothing is configured, and this costs a look.
    if (priorities.isEmpty()) {
      return 0;
    }
    var objective = request.header(SteeringHeaders.OBJECTIVE);
    if (objective == null) {
      objective = request.header(SteeringHeaders.OBJECTIVE_BEFORE);
    }
    return objective == null ? 0 : priorities.getOrDefault(objective, 0);
  }
}
