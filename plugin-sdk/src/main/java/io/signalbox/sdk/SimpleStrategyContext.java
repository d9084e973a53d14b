package io.signalbox.sdk;

import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

record SimpleStrategyContext(Parameters parameters, RandomGenerator random, LongSupplier nanoTime)
    implements StrategyContext {}
