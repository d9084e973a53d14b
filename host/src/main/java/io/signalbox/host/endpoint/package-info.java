/**
 * The endpoints requests can go to, how many of our requests each has in flight, and what became of
 * those.
 *
 * <p>Start at {@link io.signalbox.host.endpoint.EndpointRegistry}.
 */
@NullMarked
package io.signalbox.host.endpoint;

import org.jspecify.annotations.NullMarked;
