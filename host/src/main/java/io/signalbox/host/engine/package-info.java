/**
 * Connections to engines, for whoever sends them requests.
 *
 * <p>Start at {@link io.signalbox.host.engine.EngineClient}.
 */
@NullMarked
package io.signalbox.host.engine;

import org.jspecify.annotations.NullMarked;
