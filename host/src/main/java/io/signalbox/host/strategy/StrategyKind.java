package io.signalbox.host.strategy;

import io.signalbox.sdk.Filter;
import io.signalbox.sdk.Picker;
import io.signalbox.sdk.Scorer;
import io.signalbox.sdk.Strategy;
import java.util.Locale;

/** The three kinds of strategy, as scripts and records on the event bus name them. */
public enum StrategyKind {
  /** Rates the candidates. */
  SCORER,
  /** Says who stays. */
  FILTER,
  /** Chooses one. */
  PICKER;

  /** Lower case. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The kind of a strategy made in Java. */
  public static StrategyKind of(Strategy strategy) {
    return switch (strategy) {
      case Scorer _ -> SCORER;
      case Filter _ -> FILTER;
      case Picker _ -> PICKER;
    };
  }
}
