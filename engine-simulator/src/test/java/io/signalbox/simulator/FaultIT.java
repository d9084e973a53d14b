package io.signalbox.simulator;

import static io.signalbox.simulator.EngineClient.await;
import static io.signalbox.simulator.EngineClient.completionBody;
import static io.signalbox.simulator.EngineClient.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.signalbox.simulator.EngineClient.Answer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class FaultIT {
  private EngineSimulator engine;
  private EngineClient client;

  @BeforeEach
  void start(Vertx vertx) throws Exception {
    engine =
        await(
            EngineSimulator.start(
                vertx, SimulatorOptions.defaults().withLatency(LatencyModel.instant())));
    client = new EngineClient(vertx, engine);
  }

  @Test
  void aStallAcceptsAndNeverAnswers(Vertx vertx) throws Exception {
    engine.inject(new Fault.Stall(0));
    Future<Answer> stalled = complete();
    until(vertx, () -> engine.requestsReceived() == 1);
    engine.clearFault();

    assertThat(client.completion("a", 1).status()).isEqualTo(200);
    assertThat(stalled.isComplete()).isFalse();
  }

  @Test
  void aStallInTheMiddleDeliversSomeTokens(Vertx vertx) throws Exception {
    engine.inject(new Fault.Stall(3));
    HttpClientResponse response = await(client.stream("a", 9));
    Buffer got = collect(response);
    until(vertx, () -> events(got) == 3 && engine.running() == 0);
    assertThat(got.toString()).doesNotContain("[DONE]");
  }

  @Test
  void aResetClosesTheConnection() {
    engine.inject(new Fault.Reset(0));
    Future<Answer> broken = complete();
    assertThatThrownBy(() -> await(broken)).isInstanceOf(HttpClosedException.class);
  }

  @Test
  void aResetInTheMiddleDeliversSomeTokensFirst() throws Exception {
    engine.inject(new Fault.Reset(3));
    HttpClientResponse response = await(client.stream("a", 9));
    Buffer got = collect(response);
    assertThatThrownBy(() -> await(response.end())).isInstanceOf(HttpClosedException.class);
    assertThat(events(got)).isEqualTo(3);
  }

  @Test
  void serverErrorsHaveABody() throws Exception {
    engine.inject(new Fault.ServerError(502));
    Answer answer = client.completion("a", 1);
    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.error().getInteger("code")).isEqualTo(502);
    assertThat(client.get("/health").status()).isEqualTo(200);
  }

  @Test
  void aSlowFirstByteComesAfterOthers(Vertx vertx) throws Exception {
    engine.inject(new Fault.SlowFirstByte(Duration.ofMillis(300)));
    var order = new AtomicReference<>("");
    Future<?> slow =
        complete().onSuccess(answer -> order.accumulateAndGet("slow ", String::concat));
    until(vertx, () -> engine.requestsReceived() == 1);
    engine.clearFault();
    Future<?> quick =
        complete().onSuccess(answer -> order.accumulateAndGet("quick ", String::concat));
    await(Future.all(slow, quick));
    assertThat(order.get()).isEqualTo("quick slow ");
  }

  @Test
  void healthAndMetricsFailAlone(Vertx vertx) throws Exception {
    engine.inject(new Fault.Unhealthy());
    assertThat(client.get("/health").status()).isEqualTo(503);
    engine.inject(new Fault.MetricsGone());
    assertThat(client.get("/metrics").status()).isEqualTo(503);
    engine.inject(new Fault.MetricsGarbled());
    assertThat(client.get("/metrics").status()).isEqualTo(200);
    engine.inject(new Fault.MetricsStall());
    Future<Answer> stalled = client.request(HttpMethod.GET, "/metrics", Buffer.buffer());
    assertThat(client.completion("a", 1).status()).isEqualTo(200);
    assertThat(client.get("/health").status()).isEqualTo(200);
    assertThat(stalled.isComplete()).isFalse();
    engine.clearFault();
    assertThat(client.metric("vllm:generation_tokens_total")).isEqualTo(1);
  }

  @Test
  void aFrozenPageStaysAsItWasFirst() throws Exception {
    engine.inject(new Fault.MetricsFrozen());
    assertThat(client.metric("vllm:generation_tokens_total")).isZero();
    assertThat(client.completion("a", 1).status()).isEqualTo(200);
    assertThat(client.metric("vllm:generation_tokens_total")).isZero();
    engine.clearFault();
    assertThat(client.metric("vllm:generation_tokens_total")).isEqualTo(1);
    engine.inject(new Fault.MetricsFrozen());
    assertThat(client.metric("vllm:generation_tokens_total")).isEqualTo(1);
  }

  private Future<Answer> complete() {
    return client.request(HttpMethod.POST, "/v1/completions", completionBody("a", 1).toBuffer());
  }

  private static Buffer collect(HttpClientResponse response) {
    Buffer got = Buffer.buffer();
    response.handler(got::appendBuffer);
    response.resume();
    return got;
  }

  private static long events(Buffer got) {
    return got.toString().lines().filter(line -> line.startsWith("data: ")).count();
  }
}
