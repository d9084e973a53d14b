package io.signalbox.host.strategy;

import io.signalbox.sdk.Filter;
import io.signalbox.sdk.Picker;
import io.signalbox.sdk.RequestRefusedException;
import io.signalbox.sdk.Scorer;
import io.signalbox.sdk.Strategy;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import java.util.IdentityHashMap;

/** Answers the questions that come over the event bus to one strategy. For one event loop. */
sealed interface ServedStrategy {
  /** The name in chains. */
  String id();

  /**
   * Replies, before this returns or later, but always.
   *
   * @throws RecordException when the question cannot be read; then nothing was replied
   */
  void answer(Message<Object> message);

  /** One that is called. */
  record Called(RegisteredStrategy.Local strategy, LocalInstances instances)
      implements ServedStrategy {
    @Override
    public String id() {
      return strategy.id();
    }

    @Override
    public void answer(Message<Object> message) {
      var question =
          QuestionRecord.read(message.body(), strategy.parameters(), StageRecord.LONGEST_DEADLINE);
      try {
        call(instances.get(question.parameters()), question, message);
      } catch (RequestRefusedException e) {
        message.reply(AnswerRecord.refusal(e));
      } catch (Throwable e) {
        // A strategy may throw anything.
        message.reply(AnswerRecord.error(String.valueOf(e)));
      }
    }

    private static void call(Strategy strategy, StageQuestion question, Message<Object> message) {
      var kind = StrategyKind.of(strategy);
      var call =
          new StageCall(kind, question, ended -> message.reply(AnswerRecord.write(kind, ended)));
      var request = question.request();
      var candidates = question.candidates();
      switch (strategy) {
        case Scorer scorer -> scorer.score(request, candidates, call.scores());
        case Filter filter -> filter.filter(request, candidates, call.keep());
        case Picker picker -> call.pick(picker.pick(request, candidates));
      }
      call.answered();
    }
  }

  /** One that is asked in turn, with a deadline: the asker's, or its own. */
  final class Asked implements ServedStrategy {
    /** Questions without an answer at a time. */
    static final int MAX_OPEN = 1_000;

    private final RemoteStrategy strategy;
    private final Vertx vertx;

    /** The timers of calls without an answer. */
    private final IdentityHashMap<StageCall, Long> deadlines = new IdentityHashMap<>();

    Asked(RemoteStrategy strategy, Vertx vertx) {
      this.strategy = strategy;
      this.vertx = vertx;
    }

    @Override
    public String id() {
      return strategy.description().id();
    }

    @Override
    public void answer(Message<Object> message) {
      var description = strategy.description();
      var question =
          QuestionRecord.read(message.body(), description.parameters(), strategy.deadline());
      if (deadlines.size() >= MAX_OPEN) {
        message.reply(AnswerRecord.error(MAX_OPEN + " questions have no answer yet"));
        return;
      }
      var call =
          new StageCall(
              description.kind(), question, ended -> reply(message, description.kind(), ended));
      ask(call);
      if (call.state() == StageCall.State.OPEN) {
        long delay = BusStrategy.millis(question.deadline());
        deadlines.put(call, vertx.setTimer(delay, timer -> call.late()));
      }
    }

    private void reply(Message<Object> message, StrategyKind kind, StageCall call) {
      var timer = deadlines.remove(call);
      if (timer != null) {
        vertx.cancelTimer(timer);
      }
      message.reply(AnswerRecord.write(kind, call));
    }

    private void ask(StageCall call) {
      try {
        strategy.ask(call);
      } catch (Throwable e) {
        call.failed(String.valueOf(e));
      }
    }
  }
}
