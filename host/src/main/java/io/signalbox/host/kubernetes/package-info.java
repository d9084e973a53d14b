/**
 * Follows what a Kubernetes cluster says of engines: pods, EndpointSlices, InferencePools and what
 * belongs to them. All that others see of it are models with their endpoints, and priorities; no
 * class of the client is loaded where no cluster is configured.
 *
 * <p>Start at {@link io.signalbox.host.kubernetes.KubernetesWatch}.
 */
@NullMarked
package io.signalbox.host.kubernetes;

import org.jspecify.annotations.NullMarked;
