package io.signalbox.host.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.telemetry.Reason;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class RefusalTest {
  private static JsonObject error(Refusal refusal) {
    return refusal.json().toJsonObject().getJsonObject("error");
  }

  @ParameterizedTest
  @EnumSource
  void theBodyIsWhatOpenAiClientsRead(Reason reason) {
    assertThat(error(Refusal.of(reason, "why", "model")))
        .isEqualTo(
            new JsonObject()
                .put("message", "why")
                .put("type", reason.type(reason.status()))
                .put("code", reason.code())
                .put("param", "model"));
  }

  @Test
  void withoutAParameterThereIsANull() {
    assertThat(Refusal.of(Reason.NO_ENDPOINT, "why").json())
        .hasToString(
            "{\"error\":{\"message\":\"why\",\"type\":\"overloaded_error\","
                + "\"code\":\"service_unavailable\",\"param\":null}}");
  }

  record Row(String name, String message) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Row> messages() {
    return List.of(
        new Row("quotes and backslashes", "a \"b\" \\ c"),
        new Row("control characters", "a\n\u0000b"),
        new Row("beyond the basic plane", "\ud83d\ude80"),
        new Row("half a surrogate pair", "a\ud83d"),
        new Row("the other half", "\ude80a"));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void anyTextOfAClientCanBePartOfTheMessage(Row row) {
    var json = Refusal.of(Reason.UNKNOWN_MODEL, row.message()).json();

    assertThat(new JsonObject(json.toString(UTF_8)).getJsonObject("error").getString("message"))
        .isEqualTo(row.message());
    assertThat(json.toString(UTF_8).getBytes(UTF_8)).isEqualTo(json.getBytes());
  }
}
