/**
 * Which endpoint has the beginning of a prompt in its KV cache, learned from the requests that
 * engines accepted. One bounded index for each model: any thread looks up without a lock, one at a
 * time writes.
 *
 * <p>Start at {@link io.signalbox.host.prefix.PrefixIndexes}.
 */
@NullMarked
package io.signalbox.host.prefix;

import org.jspecify.annotations.NullMarked;
