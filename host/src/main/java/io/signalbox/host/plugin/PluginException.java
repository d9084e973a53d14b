package io.signalbox.host.plugin;

import io.signalbox.host.script.ScriptException;

/** A plugin cannot be used; the message says why, and where in the plugin. */
public final class PluginException extends RuntimeException {
  private static final long serialVersionUID = 1;

  PluginException(String message) {
    super(message);
  }

  PluginException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The message, with the place in the plugin apart from it where one is known. */
  public PluginProblem problem() {
    return getCause() instanceof ScriptException script
        ? new PluginProblem(
            script.place().file(), script.place().line(), script.place().column(), script.problem())
        : PluginProblem.of(String.valueOf(getMessage()));
  }
}
