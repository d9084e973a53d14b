/**
 * What is known about endpoints and how old it is: samples with their time, and the immutable
 * snapshot decisions are made on.
 *
 * <p>Start at {@link io.signalbox.host.signals.FleetSnapshot}.
 */
@NullMarked
package io.signalbox.host.signals;

import org.jspecify.annotations.NullMarked;
