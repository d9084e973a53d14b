package io.signalbox.host.plugin;

import io.signalbox.host.script.Script;
import java.time.Duration;

/** Something a script thread does with its script. */
interface Job {
  /** Does it, on the script's thread. Whatever it throws is the script's failure. */
  void run(Script script);

  /** How long it may take before the script is interrupted. */
  default Duration limit() {
    return ScriptSupervisor.LONGEST_CALL;
  }

  /** Says instead, on any thread, that it will not be done. */
  void cancelled(String why);
}
