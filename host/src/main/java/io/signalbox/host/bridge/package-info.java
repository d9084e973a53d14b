/**
 * The event bus for applications that are no members of the cluster: over TCP, and over SockJS.
 * They may publish signals, and follow what happens; nothing else passes.
 *
 * <p>Start at {@link io.signalbox.host.bridge.Passage}.
 */
@NullMarked
package io.signalbox.host.bridge;

import org.jspecify.annotations.NullMarked;
