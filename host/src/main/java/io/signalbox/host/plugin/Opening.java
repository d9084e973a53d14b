package io.signalbox.host.plugin;

import io.signalbox.host.script.Script;
import java.time.Duration;
import java.util.concurrent.Callable;

/**
 * How a script is opened.
 *
 * @param script makes it, on the thread that will use it, which loads it then
 * @param limit how long both may take before it is interrupted
 */
record Opening(Callable<Script> script, Duration limit) {
  /** How long to wait for it: until it is overdue for sure, and has had its time to stop. */
  Duration patience() {
    return limit.plus(ScriptWorker.LONGEST_STILL).plus(ScriptSupervisor.PATIENCE.multipliedBy(2));
  }
}
