package io.signalbox.host.prefix;

/** How much is known of what an engine has cached, from what it tells itself. */
public enum Knowledge {
  /** It tells nothing, or nobody hears it any more: what was learned of it counts. */
  NOTHING,

  /** Some of what it has, and nothing that it has not: the greater of this and what was learned. */
  PART,

  /** Everything. */
  ALL
}
