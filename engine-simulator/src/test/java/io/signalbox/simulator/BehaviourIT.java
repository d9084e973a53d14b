package io.signalbox.simulator;

import static io.signalbox.simulator.EngineClient.await;
import static io.signalbox.simulator.EngineClient.chatBody;
import static io.signalbox.simulator.EngineClient.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.simulator.EngineClient.Answer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClientOptions;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Batching, cache reuse, cancellation and metrics, seen from outside. */
@ExtendWith(VertxExtension.class)
class BehaviourIT {
  private static final String LONG_PROMPT = "The line from here to the coast is clear.".repeat(30);

  private static final SimulatorOptions FAST =
      SimulatorOptions.defaults().withLatency(LatencyModel.instant());

  /** Never ends within a test. */
  private static final SimulatorOptions SLOW =
      SimulatorOptions.defaults()
          .withLatency(new LatencyModel(Duration.ZERO, Duration.ofMillis(5), Duration.ZERO))
          .withMaxRunning(2);

  private static final int FOREVER = 30_000;

  @Test
  void aRepeatedPromptIsServedFromTheCache(Vertx vertx) throws Exception {
    EngineSimulator engine = await(EngineSimulator.start(vertx, FAST));
    var client = new EngineClient(vertx, engine);
    Answer first = client.completion(LONG_PROMPT, 1);
    Answer second = client.completion(LONG_PROMPT, 1);

    int promptTokens = first.usage().getInteger("prompt_tokens");
    assertThat(first.cachedTokens()).isZero();
    assertThat(second.cachedTokens()).isEqualTo((promptTokens - 1) / 16 * 16);
    assertThat(engine.cachedPromptTokens()).isEqualTo(second.cachedTokens());
    assertThat(client.metric("vllm:prefix_cache_hits_total")).isEqualTo(second.cachedTokens());
    assertThat(client.metric("vllm:prefix_cache_queries_total")).isEqualTo(2 * promptTokens);
  }

  @Test
  void aSmallCacheForgets(Vertx vertx) throws Exception {
    EngineSimulator engine = await(EngineSimulator.start(vertx, FAST.withKvBlocks(26)));
    var client = new EngineClient(vertx, engine);
    client.completion(LONG_PROMPT, 1);
    client.completion("Another train. " + LONG_PROMPT, 1);

    assertThat(client.completion(LONG_PROMPT, 1).cachedTokens())
        .isLessThan(client.completion(LONG_PROMPT, 1).cachedTokens());
  }

  @Test
  void requestsBeyondTheBatchWait(Vertx vertx) throws Exception {
    EngineSimulator engine = await(EngineSimulator.start(vertx, SLOW));
    var client = new EngineClient(vertx, engine);
    for (int i = 0; i < 5; i++) {
      await(client.stream("train " + i, FOREVER));
    }
    until(vertx, () -> engine.running() == 2);

    assertThat(engine.waiting()).isEqualTo(3);
    assertThat(client.metric("vllm:num_requests_running")).isEqualTo(2);
    assertThat(client.metric("vllm:num_requests_waiting")).isEqualTo(3);
    assertThat(client.metric("vllm:kv_cache_usage_perc")).isPositive();
    assertThat(engine.kvCacheUsage()).isPositive();
  }

  @Test
  void aFullQueueIsAnswered503(Vertx vertx) throws Exception {
    EngineSimulator engine =
        await(EngineSimulator.start(vertx, SLOW.withMaxRunning(1).withMaxWaiting(1)));
    var client = new EngineClient(vertx, engine);
    await(client.stream("runs", FOREVER));
    until(vertx, () -> engine.running() == 1);
    await(client.stream("waits", FOREVER));

    assertThat(client.completion("too many", 1).status()).isEqualTo(503);
  }

  @Test
  void aClosedConnectionCancels(Vertx vertx) throws Exception {
    EngineSimulator engine = await(EngineSimulator.start(vertx, SLOW));
    var client = new EngineClient(vertx, engine);
    HttpClientResponse streamed = await(client.stream("train", FOREVER));
    until(vertx, () -> engine.kvCacheUsage() > 0);
    await(streamed.request().connection().close());

    until(vertx, () -> engine.cancelled() == 1);
    assertThat(engine.running()).isZero();
    assertThat(engine.kvCacheUsage()).isZero();
  }

  @Test
  void aClosedConnectionCancelsAnAnswerThatIsNotStreamed(Vertx vertx) throws Exception {
    EngineSimulator engine = await(EngineSimulator.start(vertx, SLOW));
    var request =
        await(
            vertx
                .createHttpClient()
                .request(HttpMethod.POST, engine.port(), "127.0.0.1", "/v1/chat/completions"));
    request.send(chatBody("train", FOREVER).toBuffer());
    until(vertx, () -> engine.running() == 1);
    await(request.connection().close());

    until(vertx, () -> engine.cancelled() == 1);
  }

  @Test
  void aResetStreamCancelsAndLeavesItsConnectionAlone(Vertx vertx) throws Exception {
    EngineSimulator engine = await(EngineSimulator.start(vertx, SLOW));
    var http2 =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false));
    for (int i = 0; i < 2; i++) {
      var request =
          await(http2.request(HttpMethod.POST, engine.port(), "127.0.0.1", "/v1/chat/completions"));
      Buffer body = chatBody("train " + i, FOREVER).put("stream", true).toBuffer();
      await(request.send(body)).pause();
      if (i == 0) {
        await(request.reset());
      }
    }

    until(vertx, () -> engine.cancelled() == 1 && engine.running() == 1);
  }

  @Test
  void aClientThatDoesNotReadIsDropped(Vertx vertx) throws Exception {
    var options = FAST.withKvBlocks(20_000).withMaxModelTokens(200_000);
    EngineSimulator engine = await(EngineSimulator.start(vertx, options));
    var socket =
        await(
            vertx
                .createNetClient(new NetClientOptions().setReceiveBufferSize(16_384))
                .connect(engine.port(), "127.0.0.1"));
    socket.pause();
    String body = EngineClient.completionBody("train", 150_000).put("stream", true).encode();
    await(
        socket.write(
            "POST /v1/completions HTTP/1.1\r\nhost: x\r\ncontent-length: "
                + body.length()
                + "\r\n\r\n"
                + body));

    until(vertx, () -> engine.cancelled() == 1);
    assertThat(engine.running()).isZero();
    socket.resume();
    await(engine.stop());
  }

  @Test
  void stopEndsWhatRuns(Vertx vertx) throws Exception {
    EngineSimulator engine = await(EngineSimulator.start(vertx, SLOW));
    var client = new EngineClient(vertx, engine);
    await(client.stream("train", FOREVER));
    await(engine.stop());

    assertThat(engine.cancelled()).isEqualTo(1);
    assertThat(engine.running() + engine.waiting()).isZero();
  }

  @Test
  void metricsAreThoseOfVllm(Vertx vertx) throws Exception {
    EngineSimulator engine = await(EngineSimulator.start(vertx, FAST));
    var client = new EngineClient(vertx, engine);
    client.completion("one two three", 5);
    Answer page = client.get("/metrics");

    assertThat(page.contentType()).startsWith("text/plain");
    String labels = "{engine=\"0\",model_name=\"demo-model\"";
    assertThat(page.body())
        .contains(
            "# TYPE vllm:num_requests_running gauge\nvllm:num_requests_running"
                + labels
                + "} 0.0\n",
            "vllm:num_requests_waiting" + labels + "} 0.0\n",
            "vllm:kv_cache_usage_perc" + labels + "} 0.0\n",
            "# TYPE vllm:prompt_tokens_total counter\nvllm:prompt_tokens_total"
                + labels
                + "} 4.0\n",
            "vllm:generation_tokens_total" + labels + "} 5.0\n",
            "vllm:num_preemptions_total" + labels + "} 0.0\n",
            "vllm:request_success_total" + labels + ",finished_reason=\"length\"} 1.0\n",
            "vllm:request_success_total" + labels + ",finished_reason=\"abort\"} 0.0\n",
            "# TYPE vllm:time_to_first_token_seconds histogram\n",
            "vllm:time_to_first_token_seconds_bucket" + labels + ",le=\"0.001\"} 1\n",
            "vllm:time_to_first_token_seconds_bucket" + labels + ",le=\"+Inf\"} 1\n",
            "vllm:time_to_first_token_seconds_count" + labels + "} 1\n",
            "vllm:inter_token_latency_seconds_count" + labels + "} 4\n",
            "vllm:e2e_request_latency_seconds_count" + labels + "} 1\n",
            "vllm:request_queue_time_seconds_count" + labels + "} 1\n",
            "vllm:request_prefill_time_seconds_count" + labels + "} 1\n",
            "vllm:request_decode_time_seconds_count" + labels + "} 1\n",
            "vllm:request_prompt_tokens_sum" + labels + "} 4.0\n",
            "vllm:request_generation_tokens_sum" + labels + "} 5.0\n",
            "gpu_busy_time_ratio" + labels + "} ",
            "engine_utilization" + labels + "} 0.0\n")
        .doesNotContain("vllm:lora_requests_info");
  }

  @Test
  void adaptersAreModelsOfTheirOwnAndWaitForAPlace(Vertx vertx) throws Exception {
    EngineSimulator engine =
        await(EngineSimulator.start(vertx, SLOW.withAdapters(List.of("a", "b"), 1)));
    var client = new EngineClient(vertx, engine);
    await(adapterStream(client, "b"));
    until(vertx, () -> engine.running() == 1);
    await(adapterStream(client, "a"));
    until(vertx, () -> engine.waiting() == 1);

    assertThat(client.get("/metrics").body())
        .contains(
            "vllm:lora_requests_info{max_lora=\"1\",running_lora_adapters=\"b\",waiting_lora_adapters=\"a\"} 1");
    assertThat(client.get("/v1/models").json().getJsonArray("data")).hasSize(3);
  }

  private static Future<?> adapterStream(EngineClient client, String adapter) {
    var body =
        new JsonObject()
            .put("model", adapter)
            .put("prompt", "train")
            .put("stream", true)
            .put("max_tokens", FOREVER);
    return client.send(HttpMethod.POST, "/v1/completions", body.toBuffer());
  }

  @Test
  void anAdapterHasACacheOfItsOwn(Vertx vertx) throws Exception {
    EngineSimulator engine =
        await(EngineSimulator.start(vertx, FAST.withAdapters(List.of("a"), 1)));
    var client = new EngineClient(vertx, engine);
    client.completion(LONG_PROMPT, 1);
    var body = new JsonObject().put("model", "a").put("prompt", LONG_PROMPT).put("max_tokens", 1);

    assertThat(client.post("/v1/completions", body).cachedTokens()).isZero();
    assertThat(client.post("/v1/completions", body).cachedTokens()).isPositive();
    assertThat(client.post("/v1/completions", body).json().getString("model")).isEqualTo("a");
  }
}
