package io.signalbox.simulator;

import static io.signalbox.simulator.EngineClient.await;
import static io.signalbox.simulator.EngineClient.chatBody;
import static io.signalbox.simulator.EngineClient.completionBody;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.signalbox.simulator.EngineClient.Answer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetSocket;
import io.vertx.junit5.VertxExtension;
import java.net.ConnectException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(VertxExtension.class)
class ApiIT {
  private static final SimulatorOptions OPTIONS =
      SimulatorOptions.defaults()
          .withLatency(LatencyModel.instant())
          .withMaxModelTokens(1000)
          .withMaxBodyBytes(100_000);

  private EngineSimulator engine;
  private EngineClient client;

  @BeforeEach
  void start(Vertx vertx) throws Exception {
    engine = await(EngineSimulator.start(vertx, OPTIONS));
    client = new EngineClient(vertx, engine);
  }

  @Test
  void chatAnswersWithOneMessage() throws Exception {
    Answer answer =
        client.post("/v1/chat/completions", chatBody("Which way does this train go?", 5));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.contentType()).isEqualTo("application/json");
    JsonObject json = answer.json();
    assertThat(json.getString("object")).isEqualTo("chat.completion");
    assertThat(json.getString("id")).startsWith("chatcmpl-");
    assertThat(json.getString("model")).isEqualTo("demo-model");
    assertThat(json.getString("system_fingerprint")).isEqualTo(engine.address());
    JsonObject choice = json.getJsonArray("choices").getJsonObject(0);
    assertThat(choice.getString("finish_reason")).isEqualTo("length");
    assertThat(choice.getJsonObject("message").getString("role")).isEqualTo("assistant");
    assertThat(choice.getJsonObject("message").getString("content").split(" ")).hasSize(5);
  }

  @Test
  void usageAddsUp() throws Exception {
    JsonObject usage = client.completion("one two three", 7).usage();

    assertThat(usage.getInteger("prompt_tokens")).isEqualTo(4); // one for the start of the text
    assertThat(usage.getInteger("completion_tokens")).isEqualTo(7);
    assertThat(usage.getInteger("total_tokens")).isEqualTo(11);
    assertThat(usage.getJsonObject("prompt_tokens_details").getInteger("cached_tokens")).isZero();
  }

  @Test
  void answersAre16TokensUnlessAskedOtherwise() throws Exception {
    var body = new JsonObject().put("prompt", "hello");
    assertThat(client.post("/v1/completions", body).usage().getInteger("completion_tokens"))
        .isEqualTo(16);
    body.put("max_completion_tokens", 3).put("max_tokens", 9);
    assertThat(client.post("/v1/completions", body).usage().getInteger("completion_tokens"))
        .isEqualTo(3);
  }

  @Test
  void samePromptSameAnswer() throws Exception {
    assertThat(text(client.completion("hello", 20)))
        .isEqualTo(text(client.completion("hello", 20)));
    assertThat(text(client.completion("hello", 20)))
        .isNotEqualTo(text(client.completion("hallo", 20)));
  }

  @Test
  void aRequestIdBecomesPartOfTheAnswerId(Vertx vertx) throws Exception {
    var body = completionBody("hello", 1).toBuffer();
    String id =
        await(
            vertx
                .createHttpClient()
                .request(HttpMethod.POST, engine.port(), "127.0.0.1", "/v1/completions")
                .compose(request ->
                    request
                        .putHeader("x-request-id", "abc")
                        .send(body)
                        .compose(response -> response.body()))
                .map(answer -> answer.toJsonObject().getString("id")));

    assertThat(id).isEqualTo("cmpl-abc");
  }

  record PromptShape(String name, Object prompt, int choices, int promptTokens) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<PromptShape> promptShapes() {
    return Stream.of(
        new PromptShape("a string", "one two", 1, 3),
        new PromptShape("the empty string", "", 1, 1),
        new PromptShape("strings", new JsonArray(List.of("one", "one two")), 2, 5),
        new PromptShape("token ids", new JsonArray(List.of(7, 8, 9)), 1, 3),
        new PromptShape("lists of token ids", new JsonArray("[[7,8],[9]]"), 2, 3));
  }

  @ParameterizedTest
  @MethodSource("promptShapes")
  void promptsComeInFourShapes(PromptShape row) throws Exception {
    Answer answer = client.post("/v1/completions", new JsonObject().put("prompt", row.prompt()));

    assertThat(answer.json().getJsonArray("choices")).hasSize(row.choices());
    assertThat(answer.usage().getInteger("prompt_tokens")).isEqualTo(row.promptTokens());
    assertThat(answer.usage().getInteger("completion_tokens")).isEqualTo(16 * row.choices());
  }

  @Test
  void chatStreamIsRoleThenTokensThenFinishThenUsage() throws Exception {
    var options = new JsonObject().put("include_usage", true);
    JsonObject body = chatBody("hello", 3).put("stream", true).put("stream_options", options);
    Answer answer = client.post("/v1/chat/completions", body);

    assertThat(answer.contentType()).startsWith("text/event-stream");
    assertThat(answer.events().getLast()).isEqualTo("[DONE]");
    List<JsonObject> chunks = answer.chunks();
    assertThat(chunks).hasSize(1 + 3 + 1 + 1);
    assertThat(delta(chunks.getFirst()).getString("role")).isEqualTo("assistant");
    assertThat(chunks.subList(1, 4))
        .allSatisfy(chunk -> assertThat(delta(chunk).getString("content")).isNotEmpty());
    assertThat(chunks.subList(0, 4))
        .allSatisfy(chunk -> assertThat(choice(chunk).getValue("finish_reason")).isNull());
    assertThat(choice(chunks.get(4)).getString("finish_reason")).isEqualTo("length");
    assertThat(chunks.subList(0, 5)).noneMatch(chunk -> chunk.containsKey("usage"));
    assertThat(chunks.get(5).getJsonArray("choices")).isEmpty();
    assertThat(chunks.get(5).getJsonObject("usage").getInteger("completion_tokens")).isEqualTo(3);
    assertThat(chunks.stream().map(chunk -> chunk.getString("id")).distinct()).hasSize(1);
    assertThat(chunks)
        .allSatisfy(
            chunk -> assertThat(chunk.getString("object")).isEqualTo("chat.completion.chunk"));
  }

  @Test
  void completionStreamSpellsTheWholeAnswer() throws Exception {
    String whole = text(client.completion("hello", 9));
    Answer streamed =
        client.post("/v1/completions", completionBody("hello", 9).put("stream", true));

    assertThat(
            streamed.chunks().stream()
                .map(chunk -> choice(chunk).getString("text"))
                .collect(Collectors.joining()))
        .isEqualTo(whole);
    assertThat(streamed.chunks()).hasSize(9 + 1);
    assertThat(streamed.events().getLast()).isEqualTo("[DONE]");
  }

  @Test
  void severalPromptsShareOneStream() throws Exception {
    JsonObject body =
        new JsonObject().put("prompt", new JsonArray(List.of("a", "b"))).put("stream", true);
    Answer answer = client.post("/v1/completions", body);

    assertThat(answer.chunks().stream().filter(chunk -> choice(chunk).getInteger("index") == 1))
        .hasSize(17);
    assertThat(answer.events().stream().filter("[DONE]"::equals)).hasSize(1);
  }

  @Test
  void tokenizeCountsWhatUsageCounts() throws Exception {
    JsonObject prompt = client.post("/tokenize", completionBody("one two three", 1)).json();
    assertThat(prompt.getInteger("count")).isEqualTo(4);
    assertThat(prompt.getJsonArray("tokens")).hasSize(4);
    assertThat(prompt.getInteger("max_model_len")).isEqualTo(1000);

    JsonObject chat = chatBody("one two three", 1);
    assertThat(client.post("/tokenize", chat).json().getInteger("count"))
        .isEqualTo(client.post("/v1/chat/completions", chat).usage().getInteger("prompt_tokens"));
  }

  @Test
  void modelsAndHealth() throws Exception {
    JsonObject models = client.get("/v1/models").json();
    assertThat(models.getString("object")).isEqualTo("list");
    JsonObject model = models.getJsonArray("data").getJsonObject(0);
    assertThat(model.getString("id")).isEqualTo("demo-model");
    assertThat(model.getInteger("max_model_len")).isEqualTo(1000);

    assertThat(client.get("/health").status()).isEqualTo(200);
  }

  record Mistake(String name, String path, String body, int status, @Nullable String param) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Mistake> mistakes() {
    String chat = "/v1/chat/completions";
    String text = "/v1/completions";
    return Stream.of(
        new Mistake("not JSON", chat, "{\"model\":", 400, null),
        new Mistake("not an object", chat, "[1]", 400, null),
        new Mistake("no body", chat, "", 400, null),
        new Mistake(
            "unknown model",
            chat,
            "{\"model\":\"x\",\"messages\":[{\"role\":\"user\"}]}",
            404,
            "model"),
        new Mistake(
            "model is a number",
            chat,
            "{\"model\":1,\"messages\":[{\"role\":\"user\"}]}",
            400,
            "model"),
        new Mistake("no messages", chat, "{}", 400, "messages"),
        new Mistake("empty messages", chat, "{\"messages\":[]}", 400, "messages"),
        new Mistake(
            "message without role", chat, "{\"messages\":[{\"content\":\"x\"}]}", 400, "messages"),
        new Mistake(
            "content is a number",
            chat,
            "{\"messages\":[{\"role\":\"user\",\"content\":1}]}",
            400,
            "messages"),
        new Mistake("no prompt", text, "{}", 400, "prompt"),
        new Mistake("prompt is a number", text, "{\"prompt\":1}", 400, "prompt"),
        new Mistake("prompt is an empty list", text, "{\"prompt\":[]}", 400, "prompt"),
        new Mistake("prompt mixes shapes", text, "{\"prompt\":[\"a\",1]}", 400, "prompt"),
        new Mistake("negative token id", text, "{\"prompt\":[1,-1]}", 400, "prompt"),
        new Mistake(
            "no tokens wanted", text, "{\"prompt\":\"a\",\"max_tokens\":0}", 400, "max_tokens"),
        new Mistake(
            "negative tokens wanted",
            text,
            "{\"prompt\":\"a\",\"max_tokens\":-1}",
            400,
            "max_tokens"),
        new Mistake(
            "max_tokens is a string",
            text,
            "{\"prompt\":\"a\",\"max_tokens\":\"1\"}",
            400,
            "max_tokens"),
        new Mistake(
            "answer too long", text, "{\"prompt\":\"a\",\"max_tokens\":999}", 400, "max_tokens"),
        new Mistake(
            "prompt too long",
            text,
            "{\"prompt\":\"" + " x".repeat(1000) + "\"}",
            400,
            "input_tokens"),
        new Mistake("two choices", text, "{\"prompt\":\"a\",\"n\":2}", 400, "n"),
        new Mistake(
            "stream is a string", text, "{\"prompt\":\"a\",\"stream\":\"yes\"}", 400, "stream"),
        new Mistake(
            "stream options without stream",
            text,
            "{\"prompt\":\"a\",\"stream_options\":{}}",
            400,
            "stream_options"),
        new Mistake(
            "include_usage is a string",
            text,
            "{\"prompt\":\"a\",\"stream\":true,\"stream_options\":{\"include_usage\":\"yes\"}}",
            400,
            "include_usage"),
        new Mistake("announced body too large", text, "x".repeat(100_001), 413, null));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void mistakesAreAnsweredInTheShapeOfOpenAi(Mistake row) throws Exception {
    Answer answer = await(client.request(HttpMethod.POST, row.path(), Buffer.buffer(row.body())));

    assertThat(answer.status()).isEqualTo(row.status());
    assertThat(answer.error().getInteger("code")).isEqualTo(row.status());
    assertThat(answer.error().getString("message")).isNotBlank();
    assertThat(answer.error().getString("type")).isNotBlank();
    assertThat(answer.error().getString("param")).isEqualTo(row.param());
    assertThat(engine.running() + engine.waiting()).isZero();
  }

  @Test
  void aChunkedBodyIsBoundedToo(Vertx vertx) throws Exception {
    int status =
        await(
            vertx
                .createHttpClient()
                .request(HttpMethod.POST, engine.port(), "127.0.0.1", "/v1/completions")
                .compose(request -> {
                  request.setChunked(true);
                  request.end(Buffer.buffer("x".repeat(100_001)));
                  return request.response();
                })
                .map(response -> response.statusCode()));

    assertThat(status).isEqualTo(413);
  }

  @Test
  void unknownPathsAndWrongMethods() throws Exception {
    assertThat(client.get("/v2/nothing").status()).isEqualTo(404);
    assertThat(client.get("/v1/completions").error().getInteger("code")).isEqualTo(405);
    assertThat(client.post("/metrics", new JsonObject()).status()).isEqualTo(405);
  }

  @Test
  void countsCompletionRequestsOnly() throws Exception {
    client.get("/metrics");
    client.completion("a", 1);
    client.completion("a", -1);

    assertThat(engine.requestsReceived()).isEqualTo(2);
  }

  @Test
  void stopsOnceAndForAll(Vertx vertx) throws Exception {
    await(engine.stop());
    await(engine.stop());

    Future<NetSocket> connecting = vertx.createNetClient().connect(engine.port(), "127.0.0.1");
    assertThatThrownBy(() -> await(connecting)).isInstanceOf(ConnectException.class);
  }

  private static String text(Answer answer) {
    return choice(answer.json()).getString("text");
  }

  private static JsonObject choice(JsonObject chunk) {
    return chunk.getJsonArray("choices").getJsonObject(0);
  }

  private static JsonObject delta(JsonObject chunk) {
    return choice(chunk).getJsonObject("delta");
  }
}
