/**
 * A plugin in Java: a strategy, its factory, and the file {@code META-INF/services} that names the
 * factory. The jar goes into the plugins folder as it is.
 *
 * <p>Start at {@link io.signalbox.examples.LeastFilled}.
 */
@NullMarked
package io.signalbox.examples;

import org.jspecify.annotations.NullMarked;
