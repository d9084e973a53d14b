package io.signalbox.host.cases;

import io.signalbox.host.cases.Step.Event;
import io.signalbox.host.strategy.StageCall;
import io.signalbox.host.strategy.StageQuestion;
import io.signalbox.sdk.ExchangeObserver;
import io.signalbox.sdk.Parameters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Puts cases to a strategy. Each case gets a fresh instance. */
public final class CaseRunner {
  private static final Duration NO_HURRY = Duration.ofSeconds(10);

  private final Subject.Source source;

  /** A runner for one strategy. */
  public CaseRunner(Subject.Source source) {
    this.source = source;
  }

  /**
   * Runs a case. Nothing limits how long the strategy takes.
   *
   * @return what was not as expected, in words for the author of the strategy; empty where all was
   * @throws RuntimeException when the strategy cannot be loaded; the message is for its author
   */
  public List<String> run(PluginCase one) {
    var problems = new ArrayList<String>();
    try (var subject = new Replaceable(source)) {
      for (int i = 0; i < one.steps().size(); i++) {
        var at = one.steps().size() == 1 ? "" : "step " + (i + 1) + ": ";
        var said =
            switch (one.steps().get(i)) {
              case Step.Ask ask -> ask(subject.now, ask, one);
              case Step.Happened happened -> tell(subject.now, happened);
              case Step.Reload _ -> subject.reload();
            };
        said.forEach(problem -> problems.add(at + problem));
      }
    }
    return problems;
  }

  /** The instance in use, until another takes over. */
  private static final class Replaceable implements AutoCloseable {
    private final Subject.Source source;
    private Subject now;

    Replaceable(Subject.Source source) {
      this.source = source;
      this.now = source.open();
    }

    List<String> reload() {
      var next = source.open();
      try {
        now.saveState().ifPresent(next::restoreState);
      } catch (RuntimeException e) {
        next.close();
        return List.of("reload failed: " + e.getMessage());
      }
      now.close();
      now = next;
      return List.of();
    }

    @Override
    public void close() {
      now.close();
    }
  }

  private static List<String> ask(Subject subject, Step.Ask ask, PluginCase one) {
    var description = subject.description();
    StageCall call;
    try {
      var parameters = Parameters.of(description.parameters(), one.parameters());
      var question = new StageQuestion(ask.request(), ask.candidates(), parameters, NO_HURRY);
      call = new StageCall(description.kind(), question, _ -> {});
      subject.answer(call);
      call.answered();
    } catch (RuntimeException e) {
      return AnswerCheck.failed(ask, String.valueOf(e.getMessage()));
    }
    return new AnswerCheck(description, ask.candidates(), call).check(ask.expectations());
  }

  private static List<String> tell(Subject subject, Step.Happened happened) {
    try {
      subject.observer().ifPresent(observer -> tell(observer, happened));
      return List.of();
    } catch (RuntimeException e) {
      return List.of("failed: " + e.getMessage());
    }
  }

  private static void tell(ExchangeObserver observer, Step.Happened what) {
    switch (what.event()) {
      case Event.Reserved _ -> observer.onReserved(what.request(), what.endpoint());
      case Event.FirstToken(double seconds) ->
          observer.onFirstToken(what.request(), what.endpoint(), seconds);
      case Event.Completed(var completion) ->
          observer.onCompleted(what.request(), what.endpoint(), completion);
      case Event.Failed _ -> observer.onFailed(what.request(), what.endpoint());
      case Event.Cancelled _ -> observer.onCancelled(what.request(), what.endpoint());
    }
  }
}
