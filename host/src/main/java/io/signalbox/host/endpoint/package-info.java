/**
 * The endpoints requests can go to, and how many of our requests each has in flight.
 *
 * <p>Start at {@link io.signalbox.host.endpoint.EndpointRegistry}.
 */
@NullMarked
package io.signalbox.host.endpoint;

import org.jspecify.annotations.NullMarked;
