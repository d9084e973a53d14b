/**
 * What the author of a strategy sees: the three kinds of strategy, the candidates they look at and
 * the request they decide on. Nothing here depends on the host.
 *
 * <p>Start at {@link io.signalbox.sdk.StrategyFactory}, then {@link io.signalbox.sdk.Scorer}.
 */
@NullMarked
package io.signalbox.sdk;

import org.jspecify.annotations.NullMarked;
