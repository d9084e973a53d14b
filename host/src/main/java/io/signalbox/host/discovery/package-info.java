/**
 * Finds endpoints beside those the configuration lists: in a file that is followed, and in DNS.
 *
 * <p>Start at {@link io.signalbox.host.discovery.Discovery}.
 */
@NullMarked
package io.signalbox.host.discovery;

import org.jspecify.annotations.NullMarked;
