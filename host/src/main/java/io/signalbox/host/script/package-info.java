/**
 * Strategies written in JavaScript and Python: scripts are read, checked and called, each in a
 * context of its own that can reach nothing outside it. Who loads which script when, and on which
 * thread it runs, is decided elsewhere.
 *
 * <p>Start at {@link io.signalbox.host.script.ScriptRuntime}, then {@link
 * io.signalbox.host.script.ScriptStrategy}.
 */
@NullMarked
package io.signalbox.host.script;

import org.jspecify.annotations.NullMarked;
