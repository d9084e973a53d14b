package io.signalbox.host.limits;

import java.util.Locale;

/** Whose limits they are; each is a label of meters, and a part of keys in Redis. */
enum Scope {
  USER,
  MODEL,
  PROFILE,
  ENDPOINT;

  /** Lower case. */
  String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
