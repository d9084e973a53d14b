package io.signalbox.sdk;

/**
 * One {@code key=value} a strategy understands; the host checks values before the strategy is made.
 */
public sealed interface Parameter {
  /**
   * Kebab case, unique within the strategy; not one of the host's own ({@code band}, {@code
   * scale}…).
   */
  String name();

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
      if (!(min <= defaultValue && defaultValue <= max)) {
        throw new IllegalArgumentException(name + ": default outside " + min + " to " + max);
      }
    }
  }
}
