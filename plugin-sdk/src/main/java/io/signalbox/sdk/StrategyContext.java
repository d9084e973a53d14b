package io.signalbox.sdk;

import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** What a strategy is made with. */
public interface StrategyContext {
  /** The values for this use, defaults filled in. */
  Parameters parameters();

  /** The only source of chance; belongs to the thread that will call the strategy. */
  RandomGenerator random();

  /** The only clock, in nanoseconds from an arbitrary origin, as {@link System#nanoTime()}. */
  LongSupplier nanoTime();

  /** A context of these parts. */
  static StrategyContext of(Parameters parameters, RandomGenerator random, LongSupplier nanoTime) {
    return new SimpleStrategyContext(parameters, random, nanoTime);
  }
}
