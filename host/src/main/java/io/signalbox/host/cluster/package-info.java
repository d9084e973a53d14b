/**
 * The event bus over several processes: how this one finds the others and is found, the strategies
 * that others serve by configuration, and what replicas tell each other of their requests in
 * flight. Everything of Hazelcast stays in here.
 *
 * <p>Start at {@link io.signalbox.host.cluster.Clustering}.
 */
@NullMarked
package io.signalbox.host.cluster;

import org.jspecify.annotations.NullMarked;
