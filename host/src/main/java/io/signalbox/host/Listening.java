package io.signalbox.host;

import io.signalbox.host.config.ListenConfig;
import io.vertx.core.Future;
import java.net.BindException;

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

  private static String reason(Throwable cause) {
    return cause instanceof BindException && String.valueOf(cause.getMessage()).contains("in use")
        ? "the port is already in use"
        : String.valueOf(cause.getMessage());
  }
}
