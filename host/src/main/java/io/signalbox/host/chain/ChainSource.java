package io.signalbox.host.chain;

/** Where in a configuration a chain is written. */
public sealed interface ChainSource {
  /** The default chain. */
  record Default() implements ChainSource {}

  /** A named chain. */
  record Named(String name) implements ChainSource {}

  /**
   * A model's own.
   *
   * @param key below the model, such as {@code locked-strategy}
   */
  record OfModel(String model, String key) implements ChainSource {}
}
