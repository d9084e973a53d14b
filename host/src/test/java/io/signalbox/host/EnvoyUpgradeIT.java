package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.WebSocketConnectOptions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** WebSockets through a real Envoy: routed by their query, and let through unread. */
@ExtendWith(BlockedLoops.class)
@TestInstance(Lifecycle.PER_CLASS)
final class EnvoyUpgradeIT {
  private final Vertx vertx = Vertx.vertx();
  private HttpServer engine;
  private RunningHost host;

  @BeforeAll
  void start() {
    engine =
        Eventually.result(
            vertx
                .createHttpServer()
                .webSocketHandler(socket ->
                    socket.textMessageHandler(text -> {
                      var _ = socket.writeTextMessage("echo " + text);
                    }))
                .listen(0, "127.0.0.1"));
    host =
        RunningHost.start(
            RunningHost.Ports.free(),
            "models: [{name: %s, endpoints: [\"127.0.0.1:%d\"]}]"
                .formatted(RunningHost.MODEL, engine.actualPort()),
            Map.of("scrape-interval: 50ms", "scrape-interval: 0"));
  }

  @AfterAll
  void stop() {
    host.close();
    Eventually.result(vertx.close());
  }

  private static String upgrades(String yaml) {
    return yaml.replace(
        "          stat_prefix: inference\n",
        "          stat_prefix: inference\n"
            + "          upgrade_configs: [ { upgrade_type: websocket } ]\n");
  }

  @ParameterizedTest
  @EnumSource(ProxyMode.class)
  void aWebSocketTalksToTheEngine(ProxyMode mode) throws Exception {
    try (var envoy =
        mode.start(EnvoyProcess.CURRENT, host.ports().extProc(), EnvoyUpgradeIT::upgrades)) {
      var client = vertx.createWebSocketClient();
      var socket =
          Eventually.result(
              client.connect(
                  new WebSocketConnectOptions()
                      .setHost("127.0.0.1")
                      .setPort(envoy.port())
                      .setURI("/v1/realtime?model=" + RunningHost.MODEL)));
      assertThat(socket.headers().get("target-pod")).isEqualTo("127.0.0.1:" + engine.actualPort());
      for (var text : new String[] {"one", "two", "x".repeat(100_000)}) {
        var echoed = new CompletableFuture<String>();
        socket.textMessageHandler(echoed::complete);
        Eventually.result(socket.writeTextMessage(text));
        assertThat(echoed.get(5, TimeUnit.SECONDS)).isEqualTo("echo " + text);
      }
      assertThat(host.inFlight()).isEqualTo(1);
      Eventually.result(socket.close());
      Eventually.until(
          Duration.ofSeconds(5), () -> host.inFlight() == 0, "the socket is left in flight");
    }
  }
}
