package io.signalbox.sdk;

import java.util.Set;

/**
 * One {@code key=value} a strategy understands; the host checks values before the strategy is made.
 */
public sealed interface Parameter {
  /**
   * Kebab case, unique within the strategy; not one of the host's own ({@code band}, {@code
   * scale}…).
   */
  String name();

  /** The names that mean the same for every strategy and belong to the host. */
  Set<String> RESERVED = Set.of("band", "scale", "strict", "optional", "deadline", "fallback");

  /** One line for the documentation. */
  String description();

  /**
   * A finite number.
   *
   * @param defaultValue used where neither chain nor configuration names the parameter
   * @param min smallest value allowed
   * @param max largest value allowed
   * @param unit such as {@code requests}; empty for a plain factor
   */
  record Numeric(
      String name, double defaultValue, double min, double max, String unit, String description)
      implements Parameter {
    public Numeric {
      requireFree(name);
      if (!(min <= defaultValue && defaultValue <= max)) {
        throw new IllegalArgumentException(name + ": default outside " + min + " to " + max);
      }
    }
  }

  /**
   * A text, as the user wrote it.
   *
   * @param defaultValue used where neither chain nor configuration names the parameter
   */
  record Text(String name, String defaultValue, String description) implements Parameter {
    public Text {
      requireFree(name);
    }
  }

  private static void requireFree(String name) {
    if (RESERVED.contains(name)) {
      throw new IllegalArgumentException("parameter name \"" + name + "\" belongs to the host");
    }
  }
}
