package io.signalbox.host.config;

import io.signalbox.sdk.Direction;
import io.signalbox.sdk.Signal;
import java.time.Duration;
import java.util.Set;

/**
 * A strategy that is served by whoever answers at its address of the event bus. It cannot be asked
 * what it is before it is there, so the configuration says it.
 *
 * @param deadline how long a chain that names none waits for the answer; 1 ms to 10 s
 * @param needs the signals it cannot do without
 */
public record RemoteStrategyConfig(Kind kind, Duration deadline, Set<Signal> needs) {
  /** How long a chain waits where neither it nor the configuration says. */
  public static final Duration DEFAULT_DEADLINE = Duration.ofMillis(5);

  /** What the strategy answers with. */
  public sealed interface Kind {
    /** Scores. */
    record Scorer(Direction prefers) implements Kind {}

    /** Who stays. */
    record Filter() implements Kind {}

    /** One of the candidates. */
    record Picker() implements Kind {}
  }

  public RemoteStrategyConfig {
    needs = Set.copyOf(needs);
  }
}
