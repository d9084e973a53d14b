package io.signalbox.host.plugin;

import io.signalbox.host.plugin.Plugin.Running;
import io.signalbox.host.strategy.RegisteredStrategy;
import io.signalbox.host.strategy.StrategyVerticle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The verticles of the versions in use: each version is one, and answers at the addresses of its
 * strategies. Belongs to the plugin host's thread.
 */
final class Services {
  private static final Logger LOG = LoggerFactory.getLogger(Services.class);
  private static final long DEPLOY_SECONDS = 5;

  private final Vertx vertx;
  private final Map<Running, String> deployments = new HashMap<>();
  private final Set<Future<Void>> ending = ConcurrentHashMap.newKeySet();

  Services(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Deploys a version that is loaded; blocks until it answers. */
  void begin(Running running) {
    var life =
        new StrategyVerticle.Life() {
          @Override
          public Future<List<RegisteredStrategy>> load() {
            return Future.succeededFuture(running.version().strategies());
          }

          @Override
          public Future<Void> close() {
            return running.version().close();
          }
        };
    try {
      deployments.put(
          running,
          vertx
              .deployVerticle(new StrategyVerticle(life, new SplittableRandom(), System::nanoTime))
              .await(DEPLOY_SECONDS, TimeUnit.SECONDS));
    } catch (Exception e) {
      throw new PluginException("it could not be deployed: " + e.getMessage(), e);
    }
  }

  /** Undeploys a version: what runs finishes, then it is closed. Does not block. */
  void end(Running running) {
    var deployment = deployments.remove(running);
    if (deployment != null) {
      var undeployed =
          vertx
              .undeploy(deployment)
              .onFailure(cause -> LOG.warn("version {} did not end", running.number(), cause));
      ending.add(undeployed);
      var _ = undeployed.onComplete(over -> ending.remove(undeployed));
    }
  }

  /** Succeeds when the versions that are ending now have ended, however that goes. */
  Future<Void> ended() {
    return Future.join(List.copyOf(ending)).<Void>mapEmpty().otherwiseEmpty();
  }
}
