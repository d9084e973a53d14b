package io.signalbox.host.plugin;

import io.signalbox.host.strategy.RegisteredStrategy;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A version of a plugin that is loaded. */
sealed interface RunningVersion permits ScriptVersion, InlineVersion, JarVersion {
  /** Longer than any event loop still uses a chain that was replaced. */
  Duration GRACE = Duration.ofSeconds(2);

  /** Its strategies, reached without the plugin's other versions; in the order of declaration. */
  List<RegisteredStrategy> strategies();

  /** Lets what runs finish, and frees what it holds; may take a while. */
  Future<Void> close();

  /** Frees, on a worker thread, what event loops may still use for a moment after a swap. */
  static Future<Void> closeLater(Vertx vertx, Runnable close) {
    return vertx
        .timer(GRACE.toMillis(), TimeUnit.MILLISECONDS)
        .compose(due ->
            vertx.<Void>executeBlocking(
                () -> {
                  close.run();
                  return null;
                },
                false))
        .mapEmpty();
  }
}
