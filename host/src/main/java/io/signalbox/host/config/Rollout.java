package io.signalbox.host.config;

/** Which requests a plugin decides on. */
public sealed interface Rollout {
  /** All that come to its stage. */
  record Full() implements Rollout {}

  /**
   * A share of those that come to its stage; for the others the stage is skipped.
   *
   * @param ratio greater than 0, less than 1
   */
  record Canary(double ratio) implements Rollout {}

  /** None: it is asked and not obeyed, and what it would have changed is measured. */
  record Shadow() implements Rollout {}
}
