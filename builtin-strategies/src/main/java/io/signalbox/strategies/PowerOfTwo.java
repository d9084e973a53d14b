package io.signalbox.strategies;

import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.Picker;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Signal;
import io.signalbox.sdk.StrategyContext;
import io.signalbox.sdk.StrategyFactory;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Draws two different candidates and chooses the one with fewer requests of ours in flight.
 *
 * <p>Both are drawn uniformly; of two with equal counts the first drawn wins, which is either with
 * the same chance. It keeps the largest load close to the mean, as the least loaded would, yet what
 * several routers with slightly old counts choose differs (Mitzenmacher, "The Power of Two Choices
 * in Randomized Load Balancing", 2001).
 *
 * <p>Stateless but for the random generator. Two draws, no allocation.
 */
public final class PowerOfTwo implements Picker {
  private final RandomGenerator random;

  private PowerOfTwo(StrategyContext context) {
    random = context.random();
  }

  /** The factory of {@code power-of-two}. */
  public static StrategyFactory factory() {
    return StrategyFactory.of("power-of-two", Set.of(Signal.IN_FLIGHT), List.of(), PowerOfTwo::new);
  }

  @Override
  public int pick(RouteRequest request, Candidates candidates) {
    int size = candidates.size();
    if (size == 1) {
      return 0;
    }
    int first = random.nextInt(size);
    int other = random.nextInt(size - 1);
    int second = other < first ? other : other + 1;
    var inFlight = candidates.column(Signal.IN_FLIGHT);
    return fewer(inFlight[second], inFlight[first]) ? second : first;
  }

  /** Counts are always known; a candidate whose count were not should not win by that. */
  private static boolean fewer(double count, double other) {
    return Double.isNaN(other) ? !Double.isNaN(count) : count < other;
  }
}
