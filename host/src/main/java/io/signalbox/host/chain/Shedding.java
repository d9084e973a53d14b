package io.signalbox.host.chain;

import io.signalbox.host.signals.ModelSnapshot;
import io.signalbox.sdk.RouteRequest;

/**
 * Refuses requests of a negative priority while the endpoints of their model are full, so that
 * there is room for the others: where the mean {@link Fullness} over all that tell is 1 or more;
 * where nobody tells, nobody is refused. Source: llm-d-router without flow control.
 */
record Shedding(Objectives objectives) {
  /** Whether the request goes without. */
  boolean sheds(RouteRequest request, ModelSnapshot model, Fullness fullness) {
    return objectives.priority(request) < 0 && mean(model, fullness) >= 1;
  }

  /** {@code NaN} where no endpoint tells. */
  private static double mean(ModelSnapshot model, Fullness fullness) {
    double sum = 0;
    int known = 0;
    for (int i = 0; i < model.size(); i++) {
      double one = fullness.of(model, i);
      if (model.availability(i).takesRequests() && !Double.isNaN(one)) {
        sum += one;
        known++;
      }
    }
    return sum / known;
  }
}
