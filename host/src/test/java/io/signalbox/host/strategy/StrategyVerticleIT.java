package io.signalbox.host.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.signalbox.host.strategy.StrategyVerticle.Life;
import io.signalbox.sdk.Band;
import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.Parameter;
import io.signalbox.sdk.Picker;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.StrategyContext;
import io.signalbox.sdk.StrategyFactory;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StrategyVerticleIT {
  private static final Parameter LIMIT = new Parameter.Numeric("limit", 0, -1, 100, "", "");

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    Loop.result(vertx.close());
  }

  private String deploy(Life life) {
    return Loop.result(deployed(life));
  }

  private Future<String> deployed(Life life) {
    return vertx.deployVerticle(
        new StrategyVerticle(life, new SplittableRandom(1), System::nanoTime));
  }

  private JsonObject ask(String id, Object question) {
    return Loop.result(vertx.eventBus().<JsonObject>request("signalbox.strategy." + id, question))
        .body();
  }

  /** Picks the first at its first call, then the next. */
  private static final class Counting implements Picker {
    private int calls;

    @Override
    public int pick(RouteRequest request, Candidates candidates) {
      return calls++;
    }
  }

  private static RegisteredStrategy.Local counting(List<StrategyContext> made) {
    return new RegisteredStrategy.Local(
        StrategyFactory.of(
            "counting",
            Set.of(),
            List.of(LIMIT),
            context -> {
              if (context.parameters().number("limit") < 0) {
                throw new IllegalArgumentException("less than nothing");
              }
              made.add(context);
              return new Counting();
            }));
  }

  private static JsonObject limited(double limit) {
    return Questions.small(3).put("params", new JsonObject().put("limit", limit));
  }

  @Test
  void anInstanceServesASetOfParameters() {
    var made = new ArrayList<StrategyContext>();
    deploy(Life.of(List.of(counting(made))));

    assertThat(ask("counting", limited(1)).getInteger("pick")).isZero();
    assertThat(ask("counting", limited(1)).getInteger("pick")).isEqualTo(1);
    assertThat(ask("counting", limited(2)).getInteger("pick")).isZero();
    assertThat(made).hasSize(2);
  }

  @Test
  void instancesAreForgottenWhenThereAreTooMany() {
    var made = new ArrayList<StrategyContext>();
    deploy(Life.of(List.of(counting(made))));

    for (int i = 0; i <= LocalInstances.MAX_INSTANCES; i++) {
      ask("counting", limited(i));
    }
    ask("counting", limited(LocalInstances.MAX_INSTANCES));
    assertThat(made).hasSize(LocalInstances.MAX_INSTANCES + 1);

    ask("counting", limited(0));
    assertThat(made).hasSize(LocalInstances.MAX_INSTANCES + 2);
  }

  @Test
  void whatCannotBeAnsweredIsSaid() {
    deploy(Life.of(List.of(counting(new ArrayList<>()))));

    assertThat(ask("counting", "text").getString("error"))
        .isEqualTo("bad question: the record must be an object, not a text");
    assertThat(ask("counting", Questions.small(0)).getString("error"))
        .isEqualTo("bad question: endpoints must have at least one element");
    assertThat(ask("counting", limited(-1)).getString("error"))
        .isEqualTo("java.lang.IllegalArgumentException: less than nothing");
    assertThat(ask("counting", limited(1)).getInteger("v")).isEqualTo(1);
  }

  /** A strategy that is asked in turn, and answers when and what it is told to. */
  private record Far(Consumer<StageCall> answer) implements RemoteStrategy {
    @Override
    public StrategyDescription description() {
      return new StrategyDescription(
          "far", StrategyKind.SCORER, Direction.LOWER, Band.EXACT, 1, Set.of(), List.of());
    }

    @Override
    public Duration deadline() {
      return Duration.ofMillis(20);
    }

    @Override
    public void ask(StageCall call) {
      answer.accept(call);
    }
  }

  /** What a strategy that is asked does, and what the reply says. */
  record Row(String name, Consumer<StageCall> answer, String reply) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Row> asked() {
    return List.of(
        new Row(
            "it answers at once",
            call -> {
              Arrays.setAll(call.scores(), i -> i);
              call.answered();
            },
            "{\"v\":1,\"scores\":[0.0,1.0]}"),
        new Row(
            "it answers later",
            call ->
                Objects.requireNonNull(Vertx.currentContext()).runOnContext(run -> call.answered()),
            "{\"v\":1,\"scores\":[null,null]}"),
        new Row("it passes", StageCall::passed, "{\"v\":1,\"pass\":true}"),
        new Row("it fails", call -> call.failed("broke"), "{\"v\":1,\"error\":\"broke\"}"),
        new Row(
            "it throws",
            call -> {
              throw new IllegalStateException("broke");
            },
            "{\"v\":1,\"error\":\"java.lang.IllegalStateException: broke\"}"),
        new Row(
            "it does not answer",
            call -> {},
            "{\"v\":1,\"error\":\"it did not answer before the deadline\"}"));
  }

  @ParameterizedTest
  @MethodSource("asked")
  void aStrategyThatIsAskedAnswersOverTheBusToo(Row row) {
    deploy(Life.of(List.of(new RegisteredStrategy.Remote(new Far(row.answer())))));

    assertThat(ask("far", Questions.small(2)).encode()).isEqualTo(row.reply());
  }

  @Test
  void questionsWithoutAnswerAreBounded() {
    deploy(Life.of(List.of(new RegisteredStrategy.Remote(new Far(call -> {})))));
    var slow = Questions.small(1).put("deadlineMillis", 2_000);
    var replies = new ArrayList<Future<?>>();
    for (int i = 0; i < ServedStrategy.Asked.MAX_OPEN; i++) {
      replies.add(vertx.eventBus().request("signalbox.strategy.far", slow));
    }

    assertThat(ask("far", slow).getString("error")).isEqualTo("1000 questions have no answer yet");
    Loop.result(Future.join(replies));
    assertThat(ask("far", Questions.small(1)).getString("error"))
        .isEqualTo("it did not answer before the deadline");
  }

  /** A life that notes what happens to it. */
  private static final class Noted implements Life {
    private final List<String> news = new ArrayList<>();
    private final Future<List<RegisteredStrategy>> loaded;

    Noted(Future<List<RegisteredStrategy>> loaded) {
      this.loaded = loaded;
    }

    @Override
    public Future<List<RegisteredStrategy>> load() {
      news.add("load");
      return loaded;
    }

    @Override
    public Future<Void> close() {
      news.add("close");
      return Future.succeededFuture();
    }
  }

  @Test
  void undeployedNobodyAnswersAndTheLifeIsClosed() {
    var life = new Noted(Future.succeededFuture(List.of(counting(new ArrayList<>()))));
    var id = deploy(life);
    ask("counting", limited(1));

    Loop.result(vertx.undeploy(id));

    assertThat(life.news).containsExactly("load", "close");
    assertThatThrownBy(() -> ask("counting", limited(1)))
        .isInstanceOf(ReplyException.class)
        .hasMessageContaining("No handlers");
  }

  @Test
  void whatDoesNotLoadIsNotDeployedAndIsClosed() {
    var life = new Noted(Future.failedFuture("line 3: no"));

    assertThatThrownBy(() -> Loop.result(deployed(life))).hasMessage("line 3: no");
    assertThat(life.news).containsExactly("load", "close");
  }
}
