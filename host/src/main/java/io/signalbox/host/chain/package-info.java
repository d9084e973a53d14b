/**
 * The chain language, compiled chains, and the router that runs one for each request: snapshot in,
 * decision and reservation out.
 *
 * <p>Start at {@link io.signalbox.host.chain.Router}.
 */
@NullMarked
package io.signalbox.host.chain;

import org.jspecify.annotations.NullMarked;
