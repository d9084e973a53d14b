/**
 * Finds endpoints beside those the configuration lists: in a file that is followed, in DNS, and in
 * a Kubernetes cluster.
 *
 * <p>Start at {@link io.signalbox.host.discovery.Discovery}.
 */
@NullMarked
package io.signalbox.host.discovery;

import org.jspecify.annotations.NullMarked;
