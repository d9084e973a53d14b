package io.signalbox.host.chain;

import java.time.Duration;
import java.util.Optional;

/**
 * What belongs to a whole stage, whichever of its terms it was written on.
 *
 * @param scale how a weighted stage makes scores comparable
 * @param emptyFilter what happens when a filter would keep nobody
 * @param absence what happens while the strategy is not loaded
 * @param deadline how long a stage that is asked over the event bus may take; empty: the host's
 *     default. A strategy called directly has none.
 * @param fallback the strategy that takes the stage's place where that has no data, fails, is late
 *     or is not loaded
 */
record StageOptions(
    Scale scale,
    EmptyFilter emptyFilter,
    Absence absence,
    Optional<Duration> deadline,
    Optional<String> fallback) {
  static final StageOptions DEFAULT =
      new StageOptions(
          Scale.MIN_MAX, EmptyFilter.SKIP, Absence.REFUSE, Optional.empty(), Optional.empty());

  /** How scores of different strategies are brought to 0..1 before they are weighted. */
  enum Scale {
    /** Over the candidates: worst 0, best 1; all equal 1; unknown 0. */
    MIN_MAX,
    /** Over the strategy's own natural scale; unknown 0. */
    ABSOLUTE
  }

  /** What a filter that would keep nobody does. */
  enum EmptyFilter {
    /** Nothing: the stage is skipped. */
    SKIP,
    /** The request is refused. */
    REFUSE
  }

  /** What a strategy that is not loaded does to a chain. */
  enum Absence {
    /** The chain is refused. */
    REFUSE,
    /** The stage is skipped, and reported. */
    SKIP
  }
}
