package io.signalbox.examples;

import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Scorer;
import io.signalbox.sdk.Signal;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Prefers the endpoint that is filled least, in a fleet of engines of different sizes: {@code
 * least-request} would give as many requests to a small one as to a large one.
 *
 * <p>The score is requests in flight over slots, lower is better. An endpoint says how many
 * requests it serves at once in its label {@code slots}; where it says nothing, or no number
 * greater than 0, the parameter {@code slots} counts.
 *
 * <p>One pass over the candidates; allocates only for a label that was never seen.
 */
final class LeastFilled implements Scorer {
  private final double defaultSlots;

  /** By text of the label. Labels come from the configuration, so there are few. */
  private final Map<String, Double> slotsByLabel = new HashMap<>();

  LeastFilled(double defaultSlots) {
    this.defaultSlots = defaultSlots;
  }

  @Override
  public Direction prefers() {
    return Direction.LOWER;
  }

  @Override
  public void score(RouteRequest request, Candidates candidates, double[] scores) {
    var inFlight = candidates.column(Signal.IN_FLIGHT);
    for (int i = 0; i < candidates.size(); i++) {
      scores[i] = inFlight[i] / slots(candidates.endpoint(i).labels().get("slots"));
    }
  }

  private double slots(@Nullable String label) {
    return label == null ? defaultSlots : slotsByLabel.computeIfAbsent(label, this::read);
  }

  private double read(String label) {
    try {
      double slots = Double.parseDouble(label);
      return slots > 0 && Double.isFinite(slots) ? slots : defaultSlots;
    } catch (NumberFormatException e) {
      return defaultSlots;
    }
  }
}
