package io.signalbox.benchmarks;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.function.Supplier;

/**
 * Runs a server to measure against as a process of its own, as the host runs: one verticle for each
 * core.
 */
public final class StubServer {
  private StubServer() {}

  /** Serves until the process is killed; ends it where the server cannot start. */
  public static void run(Supplier<? extends VerticleBase> verticle) {
    var vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(Workspace.EVENT_LOOPS)
                .setPreferNativeTransport(true));
    vertx
        .deployVerticle(verticle, new DeploymentOptions().setInstances(Workspace.EVENT_LOOPS))
        .onFailure(cause -> System.exit(1));
  }
}
