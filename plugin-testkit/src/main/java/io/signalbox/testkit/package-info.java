/**
 * Tests for authors of plugins: runs files of cases over a plugin, each case a JUnit test.
 *
 * <p>Start at {@link io.signalbox.testkit.PluginTestKit}.
 */
@NullMarked
package io.signalbox.testkit;

import org.jspecify.annotations.NullMarked;
