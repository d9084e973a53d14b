package io.signalbox.host;

import io.vertx.core.VertxOptions;

/** How many event loops route: one for each core. */
final class EventLoops {
  private EventLoops() {}

  static int count() {
    return Runtime.getRuntime().availableProcessors();
  }

  static VertxOptions options() {
    return new VertxOptions().setEventLoopPoolSize(count()).setPreferNativeTransport(true);
  }
}
