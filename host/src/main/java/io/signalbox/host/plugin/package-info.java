/**
 * Plugins: strategies that come as files while traffic flows, found in a folder, loaded beside it
 * and taken out again. What a plugin does wrong stays its own problem.
 *
 * <p>Start at {@link io.signalbox.host.plugin.FolderWatcher}.
 */
@NullMarked
package io.signalbox.host.plugin;

import org.jspecify.annotations.NullMarked;
