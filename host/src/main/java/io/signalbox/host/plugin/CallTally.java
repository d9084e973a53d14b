package io.signalbox.host.plugin;

import io.signalbox.host.script.ScriptException;

/** Wants to know what became of one call. One of its methods is called, once, on any thread. */
interface CallTally {
  /**
   * It was answered in time.
   *
   * @param nanos from the question to the answer
   */
  void answered(long nanos);

  /**
   * It was answered, or not even begun, after its deadline.
   *
   * @param nanos since the question
   */
  void late(long nanos);

  /** The script failed. */
  void failed(ScriptException problem);

  /** It was not made, which says nothing about the script. */
  void cancelled();
}
