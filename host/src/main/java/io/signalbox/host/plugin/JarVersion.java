package io.signalbox.host.plugin;

import io.signalbox.host.strategy.RegisteredStrategy;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;

/** A version of a jar; its strategies are called directly, like those that are built in. */
final class JarVersion implements RunningVersion {
  /** Longer than any event loop still uses a chain that was replaced. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final Vertx vertx;
  private final JarPlugin jar;

  JarVersion(Vertx vertx, JarPlugin jar) {
    this.vertx = vertx;
    this.jar = jar;
  }

  JarPlugin jar() {
    return jar;
  }

  @Override
  public List<RegisteredStrategy> strategies() {
    return jar.factories().stream().<RegisteredStrategy>map(RegisteredStrategy.Local::new).toList();
  }

  @Override
  public Future<Void> close() {
    return vertx
        .timer(GRACE.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS)
        .compose(due ->
            vertx.<Void>executeBlocking(
                () -> {
                  jar.close();
                  return null;
                },
                false))
        .mapEmpty();
  }
}
