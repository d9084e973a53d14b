package io.signalbox.simulator;

import static io.signalbox.simulator.EngineClient.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.simulator.Disaggregation.Part;
import io.signalbox.simulator.Disaggregation.Protocol;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A decode engine answers only what a prefill engine computed before. */
class DisaggregationIT {
  private final Vertx vertx = Vertx.vertx();
  private final TransferFabric fabric = new TransferFabric();

  @AfterEach
  void stop() throws Exception {
    await(vertx.close());
  }

  private EngineClient engine(Part part, Protocol protocol) throws Exception {
    return new EngineClient(
        vertx,
        await(
            EngineSimulator.start(
                vertx,
                SimulatorOptions.defaults()
                    .withDisaggregation(new Disaggregation(part, protocol, fabric)))));
  }

  private static JsonObject request(String prompt) {
    return new JsonObject().put("model", "demo-model").put("prompt", prompt).put("max_tokens", 1);
  }

  private static JsonObject kv(JsonObject params) {
    return new JsonObject().put("kv_transfer_params", params);
  }

  /** A decode request that does not fit what was computed. */
  record Misfit(String name, Protocol protocol, JsonObject members) {
    @Override
    public String toString() {
      return protocol + ": " + name;
    }
  }

  static List<Misfit> misfits() {
    return List.of(
        new Misfit("nothing is said", Protocol.NIXL, new JsonObject()),
        new Misfit(
            "of another engine",
            Protocol.NIXL,
            kv(
                new JsonObject()
                    .put("do_remote_prefill", true)
                    .put("remote_host", "127.0.0.1")
                    .put("remote_engine_id", "x")
                    .put("remote_block_ids", new JsonArray().add(0)))),
        new Misfit("nobody computed it", Protocol.SHARED_STORAGE, new JsonObject()),
        new Misfit("nothing is said", Protocol.MOONCAKE, new JsonObject()),
        new Misfit(
            "the context's own params",
            Protocol.TENSORRT_LLM,
            new JsonObject()
                .put(
                    "disaggregated_params", new JsonObject().put("request_type", "context_only"))));
  }

  @ParameterizedTest
  @MethodSource("misfits")
  void aDecodeThatFitsNoPrefillIsRefused(Misfit row) throws Exception {
    var decode = engine(Part.DECODE, row.protocol());

    var answer = decode.post("/v1/completions", request("p").mergeIn(row.members()));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.error().getString("message")).contains("fit");
  }

  @Test
  void whatPrefillSaysLetsDecodeAnswerThatPromptAlone() throws Exception {
    var prefill = engine(Part.PREFILL, Protocol.NIXL);
    var decode = engine(Part.DECODE, Protocol.NIXL);
    var told =
        prefill
            .post(
                "/v1/completions",
                request("p").mergeIn(kv(new JsonObject().put("do_remote_decode", true))))
            .json()
            .getJsonObject("kv_transfer_params");
    assertThat(told.getString("remote_host")).isEqualTo("localhost");
    var params = kv(told.copy().put("remote_host", "127.0.0.1"));

    assertThat(decode.post("/v1/completions", request("p").mergeIn(params)).status())
        .isEqualTo(200);
    assertThat(decode.post("/v1/completions", request("other").mergeIn(params)).status())
        .isEqualTo(400);
  }

  @Test
  void aPrefillEngineGeneratesOneToken() throws Exception {
    var prefill = engine(Part.PREFILL, Protocol.SHARED_STORAGE);

    assertThat(prefill.post("/v1/completions", request("p").put("max_tokens", 2)).status())
        .isEqualTo(400);
    assertThat(prefill.post("/v1/completions", request("p")).status()).isEqualTo(200);
  }

  @Test
  void prefillAndDecodeWaitForEachOtherInARoom() throws Exception {
    var prefill = engine(Part.PREFILL, Protocol.SGLANG);
    var decode = engine(Part.DECODE, Protocol.SGLANG);
    var room =
        new JsonObject()
            .put("bootstrap_host", "127.0.0.1")
            .put("bootstrap_port", 8998)
            .put("bootstrap_room", 1L << 60);

    var first =
        prefill.request(HttpMethod.POST, "/v1/completions", request("p").mergeIn(room).toBuffer());
    assertThat(first.isComplete()).isFalse();
    assertThat(decode.post("/v1/completions", request("p").mergeIn(room)).status()).isEqualTo(200);
    assertThat(await(first).status()).isEqualTo(200);
  }
}
