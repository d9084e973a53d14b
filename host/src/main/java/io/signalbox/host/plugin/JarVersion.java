package io.signalbox.host.plugin;

import io.signalbox.host.strategy.RegisteredStrategy;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;

/** A version of a jar; its strategies are called directly, like those that are built in. */
final class JarVersion implements RunningVersion {
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
    return RunningVersion.closeLater(vertx, jar::close);
  }
}
