/**
 * Who asks, and how much they may take: users and their keys, limits of users, models and
 * endpoints, in this process or shared with replicas in Redis. What a request is expected to take
 * is reserved when it is admitted, and put right when it is known.
 *
 * <p>Start at {@link io.signalbox.host.limits.Limiter}.
 */
@NullMarked
package io.signalbox.host.limits;

import org.jspecify.annotations.NullMarked;
