/**
 * The event bus over several processes: how this one joins the others, and the strategies that
 * others serve by configuration.
 *
 * <p>Start at {@link io.signalbox.host.cluster.Clustering}.
 */
@NullMarked
package io.signalbox.host.cluster;

import org.jspecify.annotations.NullMarked;
