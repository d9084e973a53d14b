package io.signalbox.simulator;

import io.signalbox.simulator.Disaggregation.Part;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import java.util.function.IntSupplier;

/**
 * What an engine of a pair does with requests besides computing them: it looks whether they fit its
 * part, and hands prompts over. Confined to one event loop.
 */
final class Handoff {
  private static final String KV_PARAMS = "kv_transfer_params";
  private static final String TRT_PARAMS = "disaggregated_params";

  /** What refuses a request. */
  private static final class Misfit extends Exception {
    private static final long serialVersionUID = 1;

    Misfit(String message) {
      super(message, null, false, false);
    }
  }

  private final Vertx vertx;
  private final SimulatorOptions options;
  private final Disaggregation role;
  private final IntSupplier port;
  private final String engineId = UUID.randomUUID().toString();
  private int blocks;

  Handoff(Vertx vertx, SimulatorOptions options, Disaggregation role, IntSupplier port) {
    this.vertx = vertx;
    this.options = options;
    this.role = role;
    this.port = port;
  }

  /** Whether its prompts come from elsewhere. */
  boolean receives() {
    return role.part() == Part.DECODE;
  }

  /** What a Mooncake bootstrap server tells of the engine. */
  JsonObject ranks() {
    return new JsonObject().put("0", new JsonObject().put("engine_id", engineId));
  }

  /**
   * Looks at a request.
   *
   * @return once it can be computed; fails with what is wrong with it
   */
  Future<Void> admit(GenerationRequest request) {
    var answer = Promise.<Void>promise();
    Context context = vertx.getOrCreateContext();
    checked(request)
        .onComplete(checked ->
            context.runOnContext(turn -> {
              if (checked.failed()) {
                answer.fail(checked.cause());
              } else {
                answer.complete();
              }
            }));
    return answer.future();
  }

  private Future<Void> checked(GenerationRequest request) {
    try {
      return switch (role.part()) {
        case PREFILL -> prefillable(request);
        case DECODE -> decodable(request);
      };
    } catch (Misfit | ClassCastException e) {
      return Future.failedFuture(e);
    }
  }

  private Future<Void> prefillable(GenerationRequest request) throws Misfit {
    if (request.maxTokens() != 1 || request.delivery() != GenerationRequest.Delivery.WHOLE) {
      throw new Misfit("a prefill engine generates one token, in one piece");
    }
    var body = request.body();
    switch (role.protocol()) {
      case NIXL ->
          require(params(body, KV_PARAMS).getBoolean("do_remote_decode", false), KV_PARAMS);
      case SHARED_STORAGE -> {}
      case MOONCAKE -> require(text(params(body, KV_PARAMS), "transfer_id"), KV_PARAMS);
      case SGLANG ->
          require(
              options.host().equals(body.getString("bootstrap_host"))
                  && body.getInteger("bootstrap_port") != null
                  && body.getLong("bootstrap_room") != null,
              "bootstrap_room");
      case TENSORRT_LLM -> {
        var params = params(body, TRT_PARAMS);
        require(
            "context_only".equals(params.getString("request_type"))
                && params.getLong("disagg_request_id", 0L) >= 1L << 42,
            TRT_PARAMS);
      }
    }
    return Future.succeededFuture();
  }

  private Future<Void> decodable(GenerationRequest request) throws Misfit {
    var body = request.body();
    return switch (role.protocol()) {
      case NIXL -> now(request, nixlName(params(body, KV_PARAMS)));
      case SHARED_STORAGE -> now(request, "prompt " + prompt(request));
      case MOONCAKE -> {
        var params = params(body, KV_PARAMS);
        yield later(
            request,
            mooncakeName(
                params.getString("remote_bootstrap_addr"),
                params.getString("remote_engine_id"),
                params.getString("transfer_id")));
      }
      case SGLANG -> later(request, room(body));
      case TENSORRT_LLM -> {
        var params = params(body, TRT_PARAMS);
        require("generation_only".equals(params.getString("request_type")), TRT_PARAMS);
        if (request.format() == AnswerFormat.CHAT) {
          require(
              body.getJsonArray("prompt_token_ids", new JsonArray()).size()
                  == request.prompts().getFirst().tokens(),
              "prompt_token_ids");
        }
        yield now(
            request,
            contextName(params.getLong("ctx_request_id", 0L), params.getString("opaque_state")));
      }
    };
  }

  /** The prompt must have been computed. */
  private Future<Void> now(GenerationRequest request, String name) throws Misfit {
    require(role.fabric().prompt(name) == prompt(request), "what was handed over");
    return Future.succeededFuture();
  }

  /** The prompt is being computed, or will be. */
  private Future<Void> later(GenerationRequest request, String name) {
    role.fabric().join(name);
    return role.fabric()
        .whenComputed(name)
        .compose(computed ->
            computed == prompt(request)
                ? Future.succeededFuture()
                : Future.failedFuture(new Misfit("another prompt was handed over")));
  }

  /**
   * The request was computed.
   *
   * @param answer is given what decode must be told
   * @return once it can be sent
   */
  Future<Void> computed(GenerationRequest request, JsonObject answer) {
    if (role.part() == Part.DECODE) {
      return Future.succeededFuture();
    }
    long prompt = prompt(request);
    var body = request.body();
    switch (role.protocol()) {
      case NIXL -> answer.put(KV_PARAMS, handedOver(prompt));
      case SHARED_STORAGE -> role.fabric().computed("prompt " + prompt, prompt);
      case MOONCAKE ->
          role.fabric()
              .computed(
                  mooncakeName(
                      "http://" + options.host() + ":" + port.getAsInt(),
                      engineId,
                      body.getJsonObject(KV_PARAMS).getString("transfer_id")),
                  prompt);
      case SGLANG -> {
        role.fabric().computed(room(body), prompt);
        return onThisLoop(role.fabric().whenJoined(room(body)));
      }
      case TENSORRT_LLM -> contextComputed(request, answer);
    }
    return Future.succeededFuture();
  }

  private <T> Future<T> onThisLoop(Future<T> elsewhere) {
    var here = Promise.<T>promise();
    Context context = vertx.getOrCreateContext();
    elsewhere.onSuccess(value -> context.runOnContext(turn -> here.complete(value)));
    return here.future();
  }

  private JsonObject handedOver(long prompt) {
    int block = blocks++;
    role.fabric().computed(nixlName(options.host(), engineId, block), prompt);
    return new JsonObject()
        .put("do_remote_prefill", true)
        .put("do_remote_decode", false)
        .put("remote_block_ids", new JsonArray().add(block))
        .put("remote_engine_id", engineId)
        .put("remote_host", "localhost")
        .put("remote_port", 5600)
        .put("tp_size", 1);
  }

  private void contextComputed(GenerationRequest request, JsonObject answer) {
    // More than a double can hold.
    long id = (1L << 60) + 2L * blocks++ + 1;
    role.fabric().computed(contextName(id, engineId), prompt(request));
    answer
        .getJsonArray("choices")
        .getJsonObject(0)
        .put(
            TRT_PARAMS,
            new JsonObject()
                .put("request_type", "context_only")
                .put("first_gen_tokens", new JsonArray().add(7))
                .put("ctx_request_id", id)
                .put("opaque_state", engineId));
    var tokens = new JsonArray();
    var prompt = request.prompts().getFirst();
    for (int i = 0; i < prompt.tokens(); i++) {
      tokens.add(prompt.token(i));
    }
    answer.put("prompt_token_ids", tokens);
  }

  private static String nixlName(JsonObject params) throws Misfit {
    require(params.getBoolean("do_remote_prefill", false), KV_PARAMS);
    var blocks = params.getJsonArray("remote_block_ids", new JsonArray());
    require(blocks.size() == 1, KV_PARAMS);
    return nixlName(
        params.getString("remote_host"),
        params.getString("remote_engine_id"),
        blocks.getInteger(0));
  }

  private static String nixlName(String host, String engine, int block) {
    return "nixl " + host + ' ' + engine + ' ' + block;
  }

  private static String mooncakeName(String bootstrap, String engine, String transfer) {
    return "mooncake " + bootstrap + ' ' + engine + ' ' + transfer;
  }

  private static String room(JsonObject body) {
    return "room %s:%s %s"
        .formatted(
            body.getValue("bootstrap_host"),
            body.getValue("bootstrap_port"),
            body.getValue("bootstrap_room"));
  }

  private static String contextName(long id, String state) {
    return "context " + id + ' ' + state;
  }

  private static long prompt(GenerationRequest request) {
    return request.prompts().getFirst().end();
  }

  private static JsonObject params(JsonObject body, String name) throws Misfit {
    var params = body.getJsonObject(name);
    require(params != null, name);
    return params;
  }

  private static boolean text(JsonObject params, String name) {
    return params.getString(name) != null;
  }

  private static void require(boolean fits, String what) throws Misfit {
    if (!fits) {
      throw new Misfit(what + " does not fit this engine's part");
    }
  }
}
