package io.signalbox.sdk;

import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What a strategy is made with.
 *
 * @param parameters the values for this use, defaults filled in
 * @param random the only source of chance; belongs to the thread that will call the strategy
 * @param nanoTime the only clock, in nanoseconds from an arbitrary origin, as {@link
 *     System#nanoTime()}
 */
public record StrategyContext(
    Parameters parameters, RandomGenerator random, LongSupplier nanoTime) {}
