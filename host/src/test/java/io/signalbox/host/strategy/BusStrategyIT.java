package io.signalbox.host.strategy;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.strategy.StageCall.State;
import io.signalbox.sdk.Band;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.Signal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A strategy "far" that is asked about three endpoints, and whoever answers for it. */
class BusStrategyIT {
  private static final String ADDRESS = "signalbox.strategy.far";
  private static final String NOBODY = "nobody answers at " + ADDRESS;
  private static final String TOO_MANY = "1000 questions to " + ADDRESS + " have no answer yet";
  private static final Duration LONG = Duration.ofSeconds(10);
  private static final Duration SHORT = Duration.ofMillis(50);

  private final Vertx vertx = Vertx.vertx();
  private final Loop loop = new Loop(vertx);

  @AfterEach
  void close() {
    Loop.result(vertx.close());
  }

  private static BusStrategy far(Signal... needs) {
    return new BusStrategy(
        new StrategyDescription(
            "far", StrategyKind.SCORER, Direction.LOWER, Band.EXACT, 1, Set.of(needs), List.of()),
        LONG);
  }

  private static JsonObject question(Duration deadline) {
    return Questions.small(3).put("deadlineMillis", deadline.toMillis());
  }

  private void serve(Consumer<Message<Object>> answer) {
    vertx.eventBus().consumer(ADDRESS, answer::accept);
  }

  /** Somebody who answers in a way, and what the call says then. */
  record Answer(String name, Consumer<Message<Object>> answer, String problem) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Answer replies(String name, @Nullable Object reply, String problem) {
    return new Answer(name, message -> message.reply(reply), problem);
  }

  private static JsonObject json(String text) {
    return new JsonObject(text);
  }

  static List<Answer> wrongAnswers() {
    var bad = "bad answer from " + ADDRESS + ": ";
    return List.of(
        replies(
            "too few scores",
            json("{\"v\": 1, \"scores\": [1, 2]}"),
            bad + "scores must have one element for each of 3 endpoints, not 2"),
        replies(
            "texts instead of numbers",
            json("{\"v\": 1, \"scores\": [1, \"secret\", 3]}"),
            bad + "scores[1] must be a number or null, not a text"),
        replies(
            "another version",
            json("{\"v\": 2, \"scores\": [1, 2, 3]}"),
            bad + "v must be 1, not 2"),
        replies(
            "a filter's answer",
            json("{\"v\": 1, \"keep\": [true, true, true]}"),
            bad + "the answer of a scorer must be one of scores, pass, refuse and error, not keep"),
        replies("a text", "scores", bad + "the record must be an object, not a text"),
        replies("nothing", null, bad + "the record must be an object, not absent"),
        replies("an error", json("{\"v\": 1, \"error\": \"no\\ndata\"}"), "no data"),
        new Answer(
            "a failed message",
            message -> message.fail(7, "not today"),
            ADDRESS + " failed: not today"));
  }

  @ParameterizedTest
  @MethodSource("wrongAnswers")
  void aWrongAnswerFailsTheCallWithWhatIsWrong(Answer row) {
    serve(row.answer());

    var call = loop.ask(far(), question(LONG));

    assertThat(call.state()).isEqualTo(State.FAILED);
    assertThat(call.problem()).isEqualTo(row.problem());
  }

  @Test
  void thePageHasTheTexts() {
    assertThat(EventBusPageTest.PAGE)
        .contains("| " + wrongAnswers().getFirst().problem() + " |")
        .contains("| " + wrongAnswers().getLast().problem() + " |")
        .contains("| " + NOBODY + " |")
        .contains("| " + TOO_MANY + " |");
  }

  @Test
  void aRightAnswerIsTaken() {
    serve(message -> message.reply(json("{\"v\": 1, \"scores\": [3, null, 1]}")));

    assertThat(loop.ask(far(), question(LONG)).scores()).containsExactly(3, Double.NaN, 1);
  }

  @Test
  void nobodyThereIsSaidAtOnce() {
    var call = loop.ask(far(), question(LONG));

    assertThat(call.state()).isEqualTo(State.FAILED);
    assertThat(call.problem()).isEqualTo(NOBODY);
  }

  @Test
  void whoDoesNotAnswerIsLate() {
    serve(message -> {});

    assertThat(loop.ask(far(), question(SHORT)).state()).isEqualTo(State.LATE);
  }

  @Test
  void anAnswerAfterTheDeadlineIsOfNoConsequence() {
    var late = new ArrayList<Message<Object>>();
    serve(late::add);
    var far = far();
    var call = loop.ask(far, question(SHORT));

    late.getFirst().reply(json("{\"v\": 1, \"scores\": [3, 2, 1]}"));
    Loop.result(vertx.timer(100));

    assertThat(call.state()).isEqualTo(State.LATE);
    assertThat(call.scores()).containsOnly(Double.NaN);
  }

  @Test
  void whoDoesNotAnswerIsNotAskedWithoutBoundAndIsAskedAgainLater() {
    var asked = new ArrayList<Message<Object>>();
    serve(asked::add);
    var far = far();
    var calls = new ArrayList<Future<StageCall>>();
    for (int i = 0; i < BusStrategy.MAX_UNANSWERED; i++) {
      calls.add(loop.asked(far, question(Duration.ofSeconds(2))));
    }

    var beyond = loop.ask(far, question(LONG));
    assertThat(beyond.problem()).isEqualTo(TOO_MANY);
    assertThat(calls)
        .allSatisfy(call -> assertThat(Loop.result(call).state()).isEqualTo(State.LATE));
    assertThat(loop.ask(far, question(SHORT)).state()).isEqualTo(State.LATE);
  }

  /** What a strategy needs, and what it is told. */
  record Told(String name, List<Signal> needs, List<String> columns) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Told> told() {
    return List.of(
        new Told(
            "what it needs",
            List.of(Signal.RUNNING, Signal.WAITING),
            List.of("running", "waiting")),
        new Told(
            "everything where it says nothing",
            List.of(),
            Arrays.stream(Signal.values()).map(Signal::id).toList()));
  }

  @ParameterizedTest
  @MethodSource("told")
  void theQuestionIsTheDocumentedRecord(Told row) {
    var asked = new ArrayList<Object>();
    serve(message -> {
      asked.add(message.body());
      message.reply(json("{\"v\": 1, \"pass\": true}"));
    });

    var call = loop.ask(far(row.needs().toArray(Signal[]::new)), question(LONG));

    assertThat(call.state()).isEqualTo(State.PASSED);
    var record = (JsonObject) asked.getFirst();
    assertThat(record.fieldNames())
        .containsExactly("v", "request", "endpoints", "columns", "params", "deadlineMillis");
    assertThat(record.getInteger("v")).isEqualTo(1);
    assertThat(record.getDouble("deadlineMillis")).isEqualTo(10_000);
    assertThat(record.getJsonObject("columns").fieldNames())
        .containsExactlyInAnyOrderElementsOf(row.columns());
    assertThat(record.getJsonArray("endpoints").getJsonObject(0))
        .isEqualTo(json("{\"address\": \"10.0.0.1:8000\", \"model\": \"m\"}"));
    assertThat(record.getJsonObject("columns").getJsonArray(row.columns().getFirst()))
        .isEqualTo(new JsonArray().addNull().addNull().addNull());
  }

  @Test
  void outsideOfAnEventLoopNobodyIsAsked() {
    var ended = new ArrayList<StageCall>();
    far().ask(new StageCall(StrategyKind.SCORER, Questions.read(question(LONG)), ended::add));

    assertThat(ended.getFirst().problem())
        .isEqualTo(ADDRESS + " was asked outside of an event loop");
  }
}
