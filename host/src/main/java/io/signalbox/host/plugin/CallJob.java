package io.signalbox.host.plugin;

import io.signalbox.host.script.Script;
import io.signalbox.host.script.ScriptException;
import io.signalbox.host.script.ScriptStrategy;
import io.signalbox.host.strategy.StageCall;
import io.signalbox.sdk.RequestRefusedException;
import io.vertx.core.Context;
import java.time.Duration;

/** One question to a script. */
final class CallJob implements Job {
  private final StageCall call;
  private final String strategy;
  private final Context asker;
  private final CallTally tally;
  private final long askedNanos = System.nanoTime();

  /**
   * A question.
   *
   * @param strategy its id
   * @param asker where the call ends
   * @param tally told what became of it, on the script's thread
   */
  CallJob(StageCall call, String strategy, Context asker, CallTally tally) {
    this.call = call;
    this.strategy = strategy;
    this.asker = asker;
    this.tally = tally;
  }

  @Override
  public void run(Script script) {
    if (isLate()) {
      tally.late(waitedNanos());
      return;
    }
    try {
      ask(script.strategy(strategy));
      asker.runOnContext(turn -> call.answered());
      if (isLate()) {
        tally.late(waitedNanos());
      } else {
        tally.answered(waitedNanos());
      }
    } catch (ScriptException e) {
      failed(e);
    } catch (RuntimeException e) {
      cancelled("it could not be asked");
      throw e;
    }
  }

  /** Who is given time may use it. */
  @Override
  public Duration limit() {
    var deadline = call.question().deadline();
    return deadline.compareTo(ScriptSupervisor.LONGEST_CALL) > 0
        ? deadline
        : ScriptSupervisor.LONGEST_CALL;
  }

  private void failed(ScriptException e) {
    var status = e.status();
    if (status.isPresent()) {
      tally.answered(waitedNanos());
      var refusal = refusal(status.getAsInt(), e.problem());
      asker.runOnContext(turn -> call.refused(refusal));
    } else {
      tally.failed(e);
      end(String.valueOf(e.getMessage()));
    }
  }

  /** A router may raise any number; what is no refusal is one of the router's own mistakes. */
  static RequestRefusedException refusal(int status, String detail) {
    return new RequestRefusedException(status >= 400 && status <= 599 ? status : 500, detail);
  }

  private void ask(ScriptStrategy asked) {
    var question = call.question();
    switch (asked.description().kind()) {
      case SCORER ->
          asked.score(
              question.request(), question.candidates(), question.parameters(), call.scores());
      case FILTER ->
          asked.filter(
              question.request(), question.candidates(), question.parameters(), call.keep());
      case PICKER ->
          call.pick(asked.pick(question.request(), question.candidates(), question.parameters()));
    }
  }

  private boolean isLate() {
    return waitedNanos() > call.question().deadline().toNanos();
  }

  private long waitedNanos() {
    return System.nanoTime() - askedNanos;
  }

  @Override
  public void cancelled(String why) {
    tally.cancelled();
    end(why);
  }

  private void end(String why) {
    asker.runOnContext(turn -> call.failed(why));
  }
}
