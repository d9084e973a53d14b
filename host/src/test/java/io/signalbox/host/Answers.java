package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/** What tests ask of answers. */
final class Answers {
  private Answers() {}

  static void assertRefusal(
      HttpResponse<String> answer, int status, String reason, @Nullable String parameter) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(header(answer, "content-type")).isEqualTo("application/json");
    assertThat(header(answer, "x-signalbox-reason")).isEqualTo(reason);
    assertThat(error(answer).fieldNames())
        .containsExactlyInAnyOrder("message", "type", "code", "param");
    assertThat(error(answer).getString("message")).isNotBlank();
    assertThat(error(answer).getString("param")).isEqualTo(parameter);
  }

  static JsonObject error(HttpResponse<String> answer) {
    return new JsonObject(answer.body()).getJsonObject("error");
  }

  static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  /** The simulator signs its answers with its address. */
  static String servedBy(HttpResponse<String> answer) {
    return new JsonObject(answer.body()).getString("system_fingerprint");
  }
}
