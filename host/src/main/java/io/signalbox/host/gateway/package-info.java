/**
 * The front door without Envoy: HTTP/1.1 or HTTP/2 in, the chosen engine's answer out.
 *
 * <p>Start at {@link io.signalbox.host.gateway.GatewayDoor}.
 */
@NullMarked
package io.signalbox.host.gateway;

import org.jspecify.annotations.NullMarked;
