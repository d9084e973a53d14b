/**
 * Which strategies there are.
 *
 * <p>Start at {@link io.signalbox.host.strategy.StrategyRegistry}.
 */
@NullMarked
package io.signalbox.host.strategy;

import org.jspecify.annotations.NullMarked;
