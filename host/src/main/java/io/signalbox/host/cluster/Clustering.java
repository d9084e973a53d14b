package io.signalbox.host.cluster;

import io.signalbox.host.config.ClusterConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;

/** Makes the Vert.x of a process: of this process alone, or one of several on one event bus. */
public final class Clustering {
  private Clustering() {}

  /**
   * A Vert.x as the configuration says. Joining others takes seconds and may resolve names, so not
   * from an event loop. Without a cluster it is there at once, and nothing of Hazelcast is loaded.
   *
   * @param builder with everything but options and cluster manager
   * @param options a member of a cluster gets other ones for the event bus
   * @return fails where the member cannot listen as configured; members that are not there are no
   *     failure: they may come later
   */
  public static Future<Vertx> build(
      VertxBuilder builder, VertxOptions options, ClusterConfig config) {
    return config.listen().enabled()
        ? HazelcastMember.build(builder, options, config)
        : Future.succeededFuture(builder.with(options).build());
  }
}
