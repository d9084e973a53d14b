/**
 * What the host says about itself: the closed list of reasons it answers with, its meters, its
 * logging rules. Knows no other package of the host.
 *
 * <p>Start at {@link io.signalbox.host.telemetry.Reason}.
 */
@NullMarked
package io.signalbox.host.telemetry;

import org.jspecify.annotations.NullMarked;
