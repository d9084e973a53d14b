package io.signalbox.host.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.signalbox.host.strategy.StageCall.State;
import io.signalbox.sdk.Picker;
import io.signalbox.sdk.RequestRefusedException;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers about three endpoints. */
class AnswerRecordTest {
  private static final int ENDPOINTS = 3;

  private static StageCall open(StrategyKind kind) {
    return new StageCall(kind, Questions.read(Questions.small(ENDPOINTS)), ended -> {});
  }

  private static StageCall read(StrategyKind kind, String json) {
    var call = open(kind);
    AnswerRecord.read(new JsonObject(json), kind, call);
    return call;
  }

  /** What an answer comes to, in one line. */
  private static String told(StrategyKind kind, StageCall call) {
    return switch (call.state()) {
      case ANSWERED ->
          switch (kind) {
            case SCORER -> Arrays.toString(call.scores());
            case FILTER -> Arrays.toString(call.keep());
            case PICKER -> "" + call.pick();
          };
      case REFUSED -> {
        var refusal = Objects.requireNonNull(call.refusal());
        yield refusal.status() + " " + refusal.getMessage();
      }
      case FAILED -> "failed: " + call.problem();
      case OPEN, PASSED, LATE -> call.state().name();
    };
  }

  /** An answer and what it comes to, or what is wrong with it. */
  record Row(StrategyKind kind, String json, String told) {
    @Override
    public String toString() {
      return kind.id() + " " + json;
    }
  }

  private static Row scorer(String json, String told) {
    return new Row(StrategyKind.SCORER, json, told);
  }

  private static Row filter(String json, String told) {
    return new Row(StrategyKind.FILTER, json, told);
  }

  private static Row picker(String json, String told) {
    return new Row(StrategyKind.PICKER, json, told);
  }

  static List<Row> goodOnes() {
    return List.of(
        scorer("{\"v\": 1, \"scores\": [1, 2.5, -3]}", "[1.0, 2.5, -3.0]"),
        scorer("{\"v\": 1, \"scores\": [null, null, 0]}", "[NaN, NaN, 0.0]"),
        scorer("{\"v\": 1.0, \"scores\": [0, 0, 1e300], \"x\": 1}", "[0.0, 0.0, 1.0E300]"),
        scorer("{\"v\": 1, \"scores\": [1, 1, 1], \"error\": null}", "[1.0, 1.0, 1.0]"),
        filter("{\"v\": 1, \"keep\": [true, false, true]}", "[true, false, true]"),
        picker("{\"v\": 1, \"pick\": 2}", "2"),
        picker("{\"v\": 1, \"pick\": 2.0}", "2"),
        picker("{\"v\": 1, \"pick\": -1}", "" + Picker.NO_CHOICE),
        picker("{\"v\": 1, \"pass\": true}", "PASSED"),
        filter("{\"v\": 1, \"refuse\": {\"status\": 429, \"message\": \"later\"}}", "429 later"),
        scorer("{\"v\": 1, \"error\": \"broke\"}", "failed: broke"),
        scorer("{\"v\": 1, \"error\": \"a\\nb\", \"scores\": [1]}", "failed: a b"));
  }

  @ParameterizedTest
  @MethodSource("goodOnes")
  void anAnswerEndsTheCall(Row row) {
    assertThat(told(row.kind(), read(row.kind(), row.json()))).isEqualTo(row.told());
  }

  static List<Row> wrongOnes() {
    var some = "must be one of scores, pass, refuse and error, not ";
    return List.of(
        scorer("{\"scores\": [1, 2, 3]}", "v must be there"),
        scorer("{\"v\": 2, \"scores\": [1, 2, 3]}", "v must be 1, not 2"),
        scorer("{\"v\": 1}", "the answer of a scorer " + some + "none of them"),
        scorer("{\"v\": 1, \"keep\": [true]}", "the answer of a scorer " + some + "keep"),
        scorer(
            "{\"v\": 1, \"scores\": [1, 2, 3], \"pass\": true}",
            "the answer of a scorer " + some + "scores and pass"),
        scorer("{\"v\": 1, \"scores\": 7}", "scores must be a list, not the number 7"),
        scorer(
            "{\"v\": 1, \"scores\": [1, 2]}",
            "scores must have one element for each of 3 endpoints, not 2"),
        scorer(
            "{\"v\": 1, \"scores\": [1, 2, 3, 4]}",
            "scores must have one element for each of 3 endpoints, not 4"),
        scorer(
            "{\"v\": 1, \"scores\": [1, \"2\", 3]}",
            "scores[1] must be a number or null, not a text"),
        scorer("{\"v\": 1, \"error\": 7}", "error must be a text, not the number 7"),
        filter(
            "{\"v\": 1, \"keep\": [true, 1, true]}",
            "keep[1] must be true or false, not the number 1"),
        filter(
            "{\"v\": 1, \"keep\": [true, null, true]}",
            "keep[1] must be true or false, not absent"),
        picker("{\"v\": 1, \"pick\": 3}", "pick must be an integer from -1 to 2, not 3.0"),
        picker("{\"v\": 1, \"pick\": 0.5}", "pick must be an integer from -1 to 2, not 0.5"),
        picker("{\"v\": 1, \"pick\": \"0\"}", "pick must be a number, not a text"),
        picker("{\"v\": 1, \"pass\": false}", "pass must be true where it is there"),
        picker("{\"v\": 1, \"refuse\": true}", "refuse must be an object, not true"),
        picker(
            "{\"v\": 1, \"refuse\": {\"status\": 200, \"message\": \"\"}}",
            "refuse.status must be an integer from 400 to 599, not 200.0"),
        picker(
            "{\"v\": 1, \"refuse\": {\"status\": 400}}",
            "refuse.message must be a text, not absent"));
  }

  @ParameterizedTest
  @MethodSource("wrongOnes")
  void whatIsWrongIsSaidAndTheCallStaysOpen(Row row) {
    var call = open(row.kind());

    assertThatThrownBy(() -> AnswerRecord.read(new JsonObject(row.json()), row.kind(), call))
        .isInstanceOf(RecordException.class)
        .hasMessage(row.told());
    assertThat(call.state()).isEqualTo(State.OPEN);
  }

  /** How a call ended, and what its record comes to. */
  record Ended(StrategyKind kind, Consumer<StageCall> end, String told) {
    @Override
    public String toString() {
      return told;
    }
  }

  static List<Ended> ends() {
    return List.of(
        new Ended(
            StrategyKind.SCORER,
            call -> {
              call.scores()[0] = 1;
              call.scores()[1] = Double.NEGATIVE_INFINITY;
              call.answered();
            },
            "[1.0, NaN, NaN]"),
        new Ended(
            StrategyKind.FILTER,
            call -> {
              call.keep()[1] = true;
              call.answered();
            },
            "[false, true, false]"),
        new Ended(
            StrategyKind.PICKER,
            call -> {
              call.pick(1);
              call.answered();
            },
            "1"),
        new Ended(StrategyKind.PICKER, StageCall::passed, "PASSED"),
        new Ended(
            StrategyKind.PICKER,
            call -> call.refused(new RequestRefusedException(503, "full")),
            "503 full"),
        new Ended(StrategyKind.PICKER, call -> call.failed("broke"), "failed: broke"),
        new Ended(
            StrategyKind.PICKER, StageCall::late, "failed: it did not answer before the deadline"));
  }

  @ParameterizedTest
  @MethodSource("ends")
  void whatIsWrittenIsRead(Ended row) {
    var call = open(row.kind());
    row.end().accept(call);

    var record = AnswerRecord.write(row.kind(), call).encode();

    assertThat(told(row.kind(), read(row.kind(), record))).isEqualTo(row.told());
  }

  @Test
  void anErrorIsOneLineOfBoundedLength() {
    var error = AnswerRecord.error("a\r\n" + "x".repeat(10_000)).getString("error");

    assertThat(error).startsWith("a  x").hasSize(300);
  }
}
