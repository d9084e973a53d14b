package io.signalbox.strategies;

import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.Picker;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.StrategyContext;
import io.signalbox.sdk.StrategyFactory;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Chooses uniformly among the candidates; id {@code random}.
 *
 * <p>Stateless but for the random generator. Constant time, no allocation.
 */
public final class RandomPick implements Picker {
  private final RandomGenerator random;

  private RandomPick(StrategyContext context) {
    random = context.random();
  }

  /** The factory of {@code random}. */
  public static StrategyFactory factory() {
    return StrategyFactory.of("random", Set.of(), List.of(), RandomPick::new);
  }

  @Override
  public int pick(RouteRequest request, Candidates candidates) {
    return random.nextInt(candidates.size());
  }
}
