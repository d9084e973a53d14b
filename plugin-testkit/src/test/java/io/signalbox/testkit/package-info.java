/**
 * Tests of the testkit.
 *
 * <p>Start at {@link io.signalbox.testkit.PluginTestKitIT}.
 */
@NullMarked
package io.signalbox.testkit;

import org.jspecify.annotations.NullMarked;
