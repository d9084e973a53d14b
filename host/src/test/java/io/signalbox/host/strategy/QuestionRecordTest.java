package io.signalbox.host.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.Signal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class QuestionRecordTest {
  @Test
  void everyMemberIsRead() {
    var question = Questions.read(Questions.full());

    var request = question.request();
    assertThat(request.model()).isEqualTo("m");
    assertThat(request.user()).isEqualTo("u");
    assertThat(request.stream()).isTrue();
    assertThat(request.header("x-team")).isEqualTo("red");
    assertThat(request.headers()).isEqualTo(Map.of("x-team", "red"));
    assertThat(request.promptTokens()).isEqualTo(12.5);
    assertThat(request.sessionId()).isEqualTo("s");
    assertThat(request.prompt()).isEmpty();
    assertThat(request.body().remaining()).isZero();

    var candidates = question.candidates();
    assertThat(List.of(candidates.endpoint(0), candidates.endpoint(1)))
        .extracting(Endpoint::host, Endpoint::port, Endpoint::model, Endpoint::labels)
        .containsExactly(
            tuple("10.0.0.1", 8000, "m", Map.of("spot", "true")),
            tuple("2001:db8::1", 80, "m", Map.of()));
    assertThat(candidates.column(Signal.WAITING)).containsExactly(3, Double.NaN);
    assertThat(candidates.column(Signal.IN_FLIGHT)).containsExactly(1.5, 0);
    assertThat(candidates.column(Signal.RUNNING)).containsExactly(Double.NaN, Double.NaN);
    assertThat(candidates.table().value(Signal.WAITING, candidates.row(0))).isEqualTo(3);

    assertThat(question.parameters().number("limit")).isEqualTo(7);
    assertThat(question.parameters().text("label")).isEqualTo("gold");
    assertThat(question.deadline()).isEqualTo(Duration.ofNanos(2_500_000));
  }

  @Test
  void whatIsAbsentIsUnknownOrTheDefault() {
    var question = Questions.read(Questions.small(1));

    assertThat(question.request().user()).isNull();
    assertThat(question.request().stream()).isFalse();
    assertThat(question.request().headers()).isEmpty();
    assertThat(question.request().promptTokens()).isNaN();
    assertThat(question.request().sessionId()).isNull();
    assertThat(question.candidates().column(Signal.WAITING)).containsExactly(Double.NaN);
    assertThat(question.parameters().number("limit")).isEqualTo(4);
    assertThat(question.deadline()).isEqualTo(Questions.DEADLINE);
  }

  @Test
  void whatIsWrittenAndReadAgainIsTheSame() {
    var columns = Set.of(Signal.WAITING, Signal.IN_FLIGHT);
    var once = QuestionRecord.write(Questions.read(Questions.full()), columns);
    var overTheWire = new JsonObject(once.encode());

    assertThat(QuestionRecord.write(Questions.read(overTheWire), columns)).isEqualTo(once);
    assertThat(once.getJsonObject("columns").getJsonArray("waiting"))
        .isEqualTo(new JsonArray().add(3.0).addNull());
    assertThat(once.getJsonObject("request").getString("sessionId")).isEqualTo("s");
  }

  @Test
  void onlyTheColumnsThatAreWantedAreWritten() {
    var record = QuestionRecord.write(Questions.read(Questions.full()), Set.of(Signal.RUNNING));

    assertThat(record.getJsonObject("columns"))
        .isEqualTo(new JsonObject().put("running", new JsonArray().addNull().addNull()));
  }

  @Test
  void membersThatNobodyKnowsAreIgnored() {
    var record = Questions.full().put("later", 1);
    record.getJsonObject("columns").put("warmth", "of no known kind");
    record.getJsonObject("request").put("later", "x");

    assertThat(Questions.read(record).candidates().size()).isEqualTo(2);
  }

  /** A record that is wrong in one place, and what is said about it. */
  record Wrong(String problem, Consumer<JsonObject> change) {
    @Override
    public String toString() {
      return problem;
    }
  }

  private static Wrong wrong(String problem, Consumer<JsonObject> change) {
    return new Wrong(problem, change);
  }

  private static JsonObject request(JsonObject record) {
    return record.getJsonObject("request");
  }

  private static JsonObject first(JsonObject record) {
    return record.getJsonArray("endpoints").getJsonObject(0);
  }

  private static JsonObject columns(JsonObject record) {
    return record.getJsonObject("columns");
  }

  private static JsonObject params(JsonObject record) {
    return record.getJsonObject("params");
  }

  static List<Wrong> wrongOnes() {
    return List.of(
        wrong("v must be there", r -> r.remove("v")),
        wrong("v must be a number, not a text", r -> r.put("v", "1")),
        wrong("v must be 1, not 2", r -> r.put("v", 2)),
        wrong("request must be an object, not absent", r -> r.remove("request")),
        wrong("request.model must be a text, not absent", r -> request(r).remove("model")),
        wrong("request.model must not be empty", r -> request(r).put("model", "")),
        wrong("request.user must be a text, not the number 7", r -> request(r).put("user", 7)),
        wrong(
            "request.stream must be true or false, not a text",
            r -> request(r).put("stream", "yes")),
        wrong(
            "request.headers must be an object, not a list",
            r -> request(r).put("headers", new JsonArray())),
        wrong(
            "request.headers.a must be a text, not true",
            r -> request(r).put("headers", new JsonObject().put("a", true))),
        wrong("endpoints must be a list, not an object", r -> r.put("endpoints", new JsonObject())),
        wrong("endpoints must have at least one element", r -> r.put("endpoints", new JsonArray())),
        wrong(
            "endpoints[0] must be an object, not a text",
            r -> r.put("endpoints", new JsonArray().add("10.0.0.1:80"))),
        wrong(
            "endpoints[0].address must be ip:port, an IPv6 address in brackets",
            r -> first(r).put("address", "2001:db8::1:80")),
        wrong(
            "endpoints[0].address must be ip:port, an IPv6 address in brackets",
            r -> first(r).put("address", "10.0.0.1:65536")),
        wrong(
            "endpoints[0].address must be ip:port, an IPv6 address in brackets",
            r -> first(r).put("address", "10.0.0.1")),
        wrong("endpoints[0].model must be a text, not absent", r -> first(r).remove("model")),
        wrong(
            "endpoints[0].labels.a must be a text, not the number 1",
            r -> first(r).put("labels", new JsonObject().put("a", 1))),
        wrong(
            "endpoints[1].address must come after the one before it: in address order, each once",
            r -> first(r).put("address", "[2001:db8::1]:80")),
        wrong("columns must be an object, not a text", r -> r.put("columns", "waiting")),
        wrong(
            "columns.waiting must have one element for each of 2 endpoints, not 1",
            r -> columns(r).put("waiting", new JsonArray().add(1))),
        wrong(
            "columns.waiting[1] must be a number or null, not a text",
            r -> columns(r).put("waiting", new JsonArray().add(1).add("NaN"))),
        wrong("params must be an object, not a list", r -> r.put("params", new JsonArray())),
        wrong(
            "params: parameter \"other\" is unknown; known: limit, label",
            r -> params(r).put("other", 1)),
        wrong(
            "params: parameter \"limit\" must be a number from 0.0 to 100.0, not 101",
            r -> params(r).put("limit", 101)),
        wrong(
            "params.limit must be a text, a number, true or false, not a list",
            r -> params(r).put("limit", new JsonArray())),
        wrong(
            "deadlineMillis must be more than 0 and at most 10000.0, not 0.0",
            r -> r.put("deadlineMillis", 0)),
        wrong(
            "deadlineMillis must be more than 0 and at most 10000.0, not 10001.0",
            r -> r.put("deadlineMillis", 10_001)));
  }

  @ParameterizedTest
  @MethodSource("wrongOnes")
  void whatIsWrongIsSaid(Wrong row) {
    var record = Questions.full();
    row.change().accept(record);

    assertThatThrownBy(() -> Questions.read(record))
        .isInstanceOf(RecordException.class)
        .hasMessage(row.problem());
  }

  @Test
  void aRecordIsAnObject() {
    assertThatThrownBy(() -> QuestionRecord.read("{}", List.of(), Questions.DEADLINE))
        .hasMessage("the record must be an object, not a text");
    assertThatThrownBy(() -> QuestionRecord.read(null, List.of(), Questions.DEADLINE))
        .hasMessage("the record must be an object, not absent");
  }
}
