/**
 * Which strategies there are, and how the host reaches each: called directly, or asked with a
 * deadline.
 *
 * <p>Start at {@link io.signalbox.host.strategy.StrategyRegistry}, then {@link
 * io.signalbox.host.strategy.RemoteStrategy}.
 */
@NullMarked
package io.signalbox.host.strategy;

import org.jspecify.annotations.NullMarked;
