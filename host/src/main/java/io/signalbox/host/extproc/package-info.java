/**
 * The front door behind Envoy: the external-processing gRPC service.
 *
 * <p>Start at {@link io.signalbox.host.extproc.ExtProcDoor}.
 */
@NullMarked
package io.signalbox.host.extproc;

import org.jspecify.annotations.NullMarked;
