/**
 * What operators look at: health, metrics, endpoints, configuration, plugins. Reads, and changes
 * nothing but plugins.
 *
 * <p>Start at {@link io.signalbox.host.admin.AdminVerticle}.
 */
@NullMarked
package io.signalbox.host.admin;

import org.jspecify.annotations.NullMarked;
