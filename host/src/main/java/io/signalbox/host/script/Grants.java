package io.signalbox.host.script;

import io.signalbox.host.config.Grant;
import java.util.Set;

/**
 * What a script may do besides deciding.
 *
 * @param granted usually nothing
 */
public record Grants(Set<Grant> granted) {
  /** Nothing. */
  public static final Grants NONE = new Grants(Set.of());

  public Grants {
    granted = Set.copyOf(granted);
  }

  /** These. */
  public static Grants of(Grant... granted) {
    return new Grants(Set.of(granted));
  }

  /** Whether it is among them. */
  public boolean has(Grant grant) {
    return granted.contains(grant);
  }
}
