package io.signalbox.host;

import io.signalbox.host.config.ListenConfig;
import io.vertx.core.Future;

/** Says which of our listeners could not listen, and why. */
final class Listening {
  private Listening() {}

  /** A listener's start, with its name in the failure. */
  static Future<?> named(String name, ListenConfig where, Future<?> start) {
    return start.recover(cause ->
        Future.failedFuture(
            new StartException(
                name
                    + " cannot listen on "
                    + where.host()
                    + ":"
                    + where.port()
                    + ": "
                    + reason(cause))));
  }

  /** The native transport says it with an exception of its own, so only the text tells. */
  private static String reason(Throwable cause) {
    var message = String.valueOf(cause.getMessage());
    return message.contains("in use") ? "the port is already in use" : message;
  }
}
