package io.signalbox.host.plugin;

import java.time.Instant;

/**
 * One version of a plugin, as its files were at one time.
 *
 * @param number from 1, in the order in which they came
 * @param state what became of it
 * @param problem why it is not in use; empty where nothing is wrong
 */
record Version(int number, PluginFiles files, Instant at, State state, String problem) {
  /** What became of a version. */
  enum State {
    /** It decides. */
    ACTIVE,
    /** It is tried beside, or instead of, the one that decides. */
    TRIAL,
    /** It was in use once, and can be activated again. */
    RETIRED,
    /** It was never in use: something is wrong with it. */
    REJECTED,
    /** It was taken out of use: it did harm. */
    QUARANTINED;

    /** Lower case. */
    String id() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  Version with(State next) {
    return new Version(number, files, at, next, problem);
  }

  Version with(State next, String why) {
    return new Version(number, files, at, next, why);
  }
}
