package io.signalbox.host.strategy;

import io.signalbox.sdk.Band;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.Parameter;
import io.signalbox.sdk.Signal;
import java.util.List;
import java.util.Set;

/**
 * What a strategy says of itself before it is asked anything.
 *
 * @param id the name in chains: kebab case, unique
 * @param prefers which scores are the good ones; means something for a scorer only
 * @param defaultBand of a scorer, where the chain names none
 * @param naturalScale of a scorer: the score that fills the scale under {@code scale=absolute};
 *     finite and greater than 0
 * @param needs the signals it cannot do without
 * @param parameters those it understands, besides the host's own
 */
public record StrategyDescription(
    String id,
    StrategyKind kind,
    Direction prefers,
    Band defaultBand,
    double naturalScale,
    Set<Signal> needs,
    List<Parameter> parameters) {
  public StrategyDescription {
    needs = Set.copyOf(needs);
    parameters = List.copyOf(parameters);
  }
}
