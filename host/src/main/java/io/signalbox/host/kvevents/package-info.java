/**
 * What engines tell of their KV caches: blocks stored, removed, cleared. Decoders, the sequence of
 * each publisher, and the sources that events come from. Tells the prefix indexes, which know
 * nothing of it.
 *
 * <p>Start at {@link io.signalbox.host.kvevents.KvFeeds}.
 */
@NullMarked
package io.signalbox.host.kvevents;

import org.jspecify.annotations.NullMarked;
