package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What our own traffic tells behind a real Envoy, by the bodies it sends us. */
@ExtendWith(BlockedLoops.class)
final class EnvoySignalsIT {
  private static final int ANSWERS = 8;

  private static boolean knows(RunningHost host, String signal) {
    return new JsonObject(host.admin().get("/endpoints").body())
            .getJsonArray("models")
            .getJsonObject(0)
            .getJsonArray("endpoints")
            .getJsonObject(0)
            .getJsonObject("signals")
            .getJsonObject(signal)
            .getDouble("value")
        != null;
  }

  @ParameterizedTest
  @CsvSource({"NONE, false, false", "BUFFERED, true, false", "STREAMED, true, true"})
  void tokensAndTheirTimesAreSeenAsFarAsEnvoySendsThem(
      String bodyMode, boolean tokens, boolean times) throws Exception {
    try (var engines = Engines.start(1);
        var host =
            RunningHost.start(
                RunningHost.Ports.free(),
                RunningHost.models(engines.addresses()),
                Map.of("scrape-interval: 50ms", "scrape-interval: 0"));
        var envoy =
            EnvoyProcess.start(
                EnvoyProcess.CURRENT,
                host.ports().extProc(),
                yaml ->
                    yaml.replace("response_body_mode: NONE", "response_body_mode: " + bodyMode))) {
      var client = new Client(envoy.port());
      for (int i = 0; i < ANSWERS; i++) {
        var answer =
            client.chat(
                "{\"model\": \"%s\", \"stream\": true, \"max_tokens\": 6, \"messages\":"
                        .formatted(RunningHost.MODEL)
                    + " [{\"role\": \"user\", \"content\": \"Say something.\"}]}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).endsWith("data: [DONE]\n\n");
      }

      Eventually.until(
          Duration.ofSeconds(10), () -> knows(host, "e2eSeconds"), "answers are not measured");
      assertThat(knows(host, "errorRatio")).isTrue();
      assertThat(knows(host, "outputTokensPerSecond")).isEqualTo(tokens);
      assertThat(knows(host, "ttftSeconds")).isEqualTo(times);
      assertThat(knows(host, "itlSeconds")).isEqualTo(times);
      assertThat(knows(host, "decodeSecondsPerToken")).isEqualTo(times);
    }
  }
}
