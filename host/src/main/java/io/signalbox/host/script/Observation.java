package io.signalbox.host.script;

/** What a strategy can be told about an exchange, and how the preludes call it. */
enum Observation {
  RESERVED("onReserved", "observe"),
  FIRST_TOKEN("onFirstToken", "observeFirstToken"),
  COMPLETED("onCompleted", "observeCompleted"),
  FAILED("onFailed", "observe"),
  CANCELLED("onCancelled", "observe");

  private final String function;
  private final String prelude;

  Observation(String function, String prelude) {
    this.function = function;
    this.prelude = prelude;
  }

  /** The plugin's function, in camel case. */
  String function() {
    return function;
  }

  /** The prelude's function that wraps it. */
  String prelude() {
    return prelude;
  }
}
