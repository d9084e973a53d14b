/**
 * The built-in strategies, each in a class of its own, on the plugin SDK alone. Each has its page
 * in {@code docs/strategies}.
 *
 * <p>Start at {@link io.signalbox.strategies.BuiltinStrategies}.
 */
@NullMarked
package io.signalbox.strategies;

import org.jspecify.annotations.NullMarked;
