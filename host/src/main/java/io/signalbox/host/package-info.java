/**
 * The program: the command line, and the one place where the parts are wired and started and
 * stopped in order.
 *
 * <p>Start at {@link io.signalbox.host.Main}, then {@link io.signalbox.host.Host}.
 */
@NullMarked
package io.signalbox.host;

import org.jspecify.annotations.NullMarked;
