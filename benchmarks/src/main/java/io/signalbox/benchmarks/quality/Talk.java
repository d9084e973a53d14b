package io.signalbox.benchmarks.quality;

import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * One conversation after the other, without end; made turn by turn, so that what nobody says costs
 * nothing.
 */
final class Talk implements Iterator<Turn> {
  private final SplittableRandom random;
  private final Supplier<String> systems;
  private final Style style;
  private int conversationsLeft;
  private int turnsLeft;

  /**
   * How somebody talks: lengths are in tokens, from the shortest to the longest.
   *
   * @param pause mean from an answer to the next turn
   */
  record Style(
      int fewestTurns, int mostTurns, Duration pause, Range said, Range answer, int conversations) {
    /** From one to another. */
    record Range(int shortest, int longest) {
      int choose(SplittableRandom random) {
        return Distributions.length(random, shortest, longest);
      }
    }
  }

  /**
   * A talk.
   *
   * @param systems the system prompt of each conversation
   */
  Talk(SplittableRandom random, Supplier<String> systems, Style style) {
    this.random = random;
    this.systems = systems;
    this.style = style;
    this.conversationsLeft = style.conversations();
  }

  @Override
  public boolean hasNext() {
    return turnsLeft > 0 || conversationsLeft > 0;
  }

  @Override
  public Turn next() {
    if (!hasNext()) {
      throw new NoSuchElementException("all is said");
    }
    Optional<String> opening = Optional.empty();
    if (turnsLeft == 0) {
      conversationsLeft--;
      turnsLeft = random.nextInt(style.fewestTurns(), style.mostTurns() + 1);
      opening = Optional.of(systems.get());
    }
    turnsLeft--;
    return new Turn(
        Distributions.exponentialNanos(random, style.pause()),
        opening,
        PromptText.of(random, style.said().choose(random)),
        style.answer().choose(random));
  }
}
