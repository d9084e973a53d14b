package io.signalbox.host;

import io.signalbox.host.cluster.Clustering;
import io.signalbox.host.config.ClusterConfig;
import io.signalbox.host.config.HostAndPort;
import io.signalbox.host.config.ListenConfig;
import io.signalbox.host.strategy.RegisteredStrategy;
import io.signalbox.host.strategy.StrategyVerticle;
import io.signalbox.host.strategy.StrategyVerticle.Life;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Serves {@link StageFixtures}: here, or as another process of a cluster on loopback. */
final class ServingStages {
  private static final String LOOPBACK = "127.0.0.1";
  private static final String READY = "serving";

  private ServingStages() {}

  /** A member at this port that looks for others at theirs. */
  static Vertx member(int port, int... others) {
    var config =
        new ClusterConfig(
            new ListenConfig(true, LOOPBACK, port),
            Arrays.stream(others).mapToObj(other -> new HostAndPort(LOOPBACK, other)).toList());
    return Eventually.result(Clustering.build(Vertx.builder(), EventLoops.options(), config));
  }

  static Future<String> serve(Vertx vertx, List<RegisteredStrategy> strategies) {
    return vertx.deployVerticle(
        new StrategyVerticle(Life.of(strategies), new SplittableRandom(1), System::nanoTime));
  }

  /** Starts the other process, which looks for a member at a port. */
  static JavaProcess start(int member) throws Exception {
    return JavaProcess.start(
        List.of(ServingStages.class.getName(), "" + FreePort.find(), "" + member), READY);
  }

  /**
   * The other process; it ends with the test that started it, however that ends.
   *
   * @param args its port, and that of a member
   */
  public static void main(String[] args) throws IOException {
    var vertx = member(Integer.parseInt(args[0]), Integer.parseInt(args[1]));
    Eventually.result(serve(vertx, StageFixtures.local()));
    System.out.println(READY);
    System.in.transferTo(OutputStream.nullOutputStream());
    Runtime.getRuntime().halt(0);
  }
}
