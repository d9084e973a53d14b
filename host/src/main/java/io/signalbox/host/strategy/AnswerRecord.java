package io.signalbox.host.strategy;

import io.signalbox.sdk.Picker;
import io.signalbox.sdk.RequestRefusedException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a stage, as the event bus carries it: {@code v} and exactly one of {@code scores},
 * {@code keep}, {@code pick}, {@code pass}, {@code refuse} and {@code error}; where there is an
 * error, the others do not count.
 */
public final class AnswerRecord {
  private static final String ERROR = "error";
  private static final String PASS = "pass";
  private static final String REFUSE = "refuse";
  private static final List<String> ANSWERS =
      Stream.concat(
              Stream.of(StrategyKind.values()).map(AnswerRecord::member), Stream.of(PASS, REFUSE))
          .toList();

  private AnswerRecord() {}

  /** The member with which a kind of strategy answers. */
  private static String member(StrategyKind kind) {
    return switch (kind) {
      case SCORER -> "scores";
      case FILTER -> "keep";
      case PICKER -> "pick";
    };
  }

  /** The record of a call that ended. */
  static JsonObject write(StrategyKind kind, StageCall call) {
    return switch (call.state()) {
      case ANSWERED -> record(member(kind), answer(kind, call));
      case PASSED -> record(PASS, true);
      case REFUSED -> refusal(Objects.requireNonNull(call.refusal()));
      case FAILED -> error(call.problem());
      case LATE -> error("it did not answer before the deadline");
      case OPEN -> throw new IllegalStateException("there is no answer yet");
    };
  }

  /** The record that says why there is no answer. */
  static JsonObject error(String problem) {
    return record(ERROR, StageRecord.line(problem));
  }

  private static JsonObject record(String member, Object value) {
    return new JsonObject().put("v", RecordFields.VERSION).put(member, value);
  }

  private static Object answer(StrategyKind kind, StageCall call) {
    return switch (kind) {
      case SCORER -> QuestionRecord.column(call.scores(), call.scores().length);
      case FILTER -> flags(call.keep());
      case PICKER -> call.pick();
    };
  }

  private static JsonArray flags(boolean[] flags) {
    var array = new JsonArray(new ArrayList<>(flags.length));
    for (boolean flag : flags) {
      array.add(flag);
    }
    return array;
  }

  /** The record that says with what the request is to be refused. */
  static JsonObject refusal(RequestRefusedException refusal) {
    return record(
        REFUSE,
        new JsonObject()
            .put("status", refusal.status())
            .put("message", String.valueOf(refusal.getMessage())));
  }

  /**
   * Reads a record and ends the call as it says.
   *
   * @param body what came
   * @throws RecordException when it is none, or the answer of another kind of strategy; the call is
   *     still open then
   */
  static void read(@Nullable Object body, StrategyKind kind, StageCall call) {
    var fields = RecordFields.of(body);
    var error = fields.text(ERROR);
    if (error.isPresent()) {
      call.failed(StageRecord.line(error.get()));
      return;
    }
    var present = ANSWERS.stream().filter(fields::has).toList();
    if (present.equals(List.of(member(kind)))) {
      answer(fields, kind, call);
    } else if (present.equals(List.of(PASS))) {
      pass(fields, call);
    } else if (present.equals(List.of(REFUSE))) {
      call.refused(refusal(fields.object(REFUSE)));
    } else {
      throw new RecordException(
          "the answer of a " + kind.id(),
          "must be one of %s, %s, %s and %s, not %s"
              .formatted(
                  member(kind),
                  PASS,
                  REFUSE,
                  ERROR,
                  present.isEmpty() ? "none of them" : String.join(" and ", present)));
    }
  }

  private static void answer(RecordFields fields, StrategyKind kind, StageCall call) {
    int size = call.question().candidates().size();
    switch (kind) {
      case SCORER -> fields.numbers(member(kind), size, call.scores());
      case FILTER -> fields.flags(member(kind), size, call.keep());
      case PICKER -> call.pick(fields.integer(member(kind), Picker.NO_CHOICE, size - 1));
    }
    call.answered();
  }

  private static void pass(RecordFields fields, StageCall call) {
    if (!fields.flag(PASS)) {
      throw fields.wrong(PASS, "must be true where it is there");
    }
    call.passed();
  }

  private static RequestRefusedException refusal(RecordFields fields) {
    return new RequestRefusedException(
        fields.integer("status", 400, 599), StageRecord.line(fields.requiredText("message")));
  }
}
