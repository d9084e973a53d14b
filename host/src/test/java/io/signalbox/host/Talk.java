package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A conversation: what was said, and what is said next. */
final class Talk {
  private static final int WORDS = 60;

  private final SplittableRandom random;
  private final List<JsonObject> said = new ArrayList<>();
  private long promptTokens;

  /**
   * A conversation that has not begun.
   *
   * @param number those with the same are equal, others have nothing in common
   */
  Talk(int number) {
    random = new SplittableRandom(number);
    said.add(message("system", words()));
  }

  private static JsonObject message(String role, String content) {
    return new JsonObject().put("role", role).put("content", content);
  }

  private String words() {
    return IntStream.range(0, WORDS)
        .mapToObj(i -> Integer.toString(random.nextInt(10_000), 36))
        .collect(Collectors.joining(" "));
  }

  /** The body of a request with all that was said, and one question more that is not kept. */
  String next() {
    var messages = new JsonArray(new ArrayList<>(said)).add(message("user", "and then?"));
    return body(messages);
  }

  private static String body(JsonArray messages) {
    return new JsonObject()
        .put("model", RunningHost.MODEL)
        .put("max_tokens", 20)
        .put("messages", messages)
        .encode();
  }

  /** Asks something more, and keeps the answer; returns who gave it, where that is said. */
  String ask(Client client) {
    said.add(message("user", words()));
    var response = client.chat(body(new JsonArray(new ArrayList<>(said))));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    var answer = new JsonObject(response.body());
    promptTokens = answer.getJsonObject("usage").getLong("prompt_tokens");
    said.add(answer.getJsonArray("choices").getJsonObject(0).getJsonObject("message"));
    return response.headers().firstValue("target-pod").orElse("");
  }

  /** Tokens of the last prompt. */
  long promptTokens() {
    return promptTokens;
  }
}
