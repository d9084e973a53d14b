/**
 * What operators look at: health, metrics, endpoints, configuration. Reads, never changes.
 *
 * <p>Start at {@link io.signalbox.host.admin.AdminVerticle}.
 */
@NullMarked
package io.signalbox.host.admin;

import org.jspecify.annotations.NullMarked;
