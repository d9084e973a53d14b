package io.signalbox.host.plugin;

/** A plugin cannot be used; the message says why, and where in the plugin. */
public final class PluginException extends RuntimeException {
  private static final long serialVersionUID = 1;

  PluginException(String message) {
    super(message);
  }

  PluginException(String message, Throwable cause) {
    super(message, cause);
  }
}
