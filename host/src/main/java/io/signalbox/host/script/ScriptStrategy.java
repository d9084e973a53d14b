package io.signalbox.host.script;

import io.signalbox.host.script.ScriptException.Kind;
import io.signalbox.host.script.ScriptException.Phase;
import io.signalbox.host.strategy.StrategyDescription;
import io.signalbox.host.strategy.StrategyKind;
import io.signalbox.host.strategy.TableCandidates;
import io.signalbox.sdk.Completion;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.ExchangeObserver;
import io.signalbox.sdk.Parameters;
import io.signalbox.sdk.Picker;
import io.signalbox.sdk.RouteRequest;

/**
 * One strategy of a {@link Script}. Every failure of the script, whatever it does, is a {@link
 * ScriptException}. For the thread that uses the script, one call at a time.
 *
 * <p>Candidates are at least one; of their columns nothing is read but through the table they come
 * from.
 */
public final class ScriptStrategy implements ExchangeObserver {
  private final Script script;
  private final StrategyDescription description;
  private final StrategyFunctions functions;

  ScriptStrategy(Script script, StrategyDescription description, StrategyFunctions functions) {
    this.script = script;
    this.description = description;
    this.functions = functions;
  }

  /** What it says of itself. */
  public StrategyDescription description() {
    return description;
  }

  /**
   * Asks a scorer.
   *
   * @param scores at least {@code candidates.size()} long; all written, {@code NaN} for unknown,
   *     unless this throws
   * @throws ScriptException when the script fails or gives something that is no number
   */
  public void score(
      RouteRequest request, TableCandidates candidates, Parameters parameters, double[] scores) {
    var view = new GuestRequest(request);
    script.run(
        Phase.CALL,
        view,
        () -> {
          var table = script.tables().prepare(candidates);
          int wrong = ask(table, view, parameters);
          if (wrong >= 0) {
            throw wrongAnswer(", for endpoint " + candidates.endpoint(wrong).address());
          }
          table.readScores(candidates.size(), scores);
        });
  }

  /**
   * Asks a filter.
   *
   * @param keep at least {@code candidates.size()} long; all written, unless this throws
   * @throws ScriptException when the script fails or gives something that is no boolean
   */
  public void filter(
      RouteRequest request, TableCandidates candidates, Parameters parameters, boolean[] keep) {
    var view = new GuestRequest(request);
    script.run(
        Phase.CALL,
        view,
        () -> {
          var table = script.tables().prepare(candidates);
          int wrong = ask(table, view, parameters);
          if (wrong >= 0) {
            throw wrongAnswer(", for endpoint " + candidates.endpoint(wrong).address());
          }
          table.readKeep(candidates.size(), keep);
        });
  }

  /**
   * Asks a picker: the index of a candidate, or {@link io.signalbox.sdk.Picker#NO_CHOICE}.
   *
   * @throws ScriptException when the script fails or gives something else
   */
  public int pick(RouteRequest request, TableCandidates candidates, Parameters parameters) {
    var view = new GuestRequest(request);
    var picked = new int[1];
    script.run(
        Phase.CALL,
        view,
        () -> {
          picked[0] = ask(script.tables().prepare(candidates), view, parameters);
          if (picked[0] < Picker.NO_CHOICE) {
            throw wrongAnswer(" (there are " + candidates.size() + " endpoints)");
          }
        });
    return picked[0];
  }

  private int ask(GuestTable table, GuestRequest view, Parameters parameters) {
    return table.call(functions.ask(), view, script.parameters(parameters));
  }

  private ScriptException wrongAnswer(String about) {
    var given =
        script
            .guest()
            .prelude()
            .invokeMember("wrongAnswer", description.kind() == StrategyKind.PICKER)
            .asString();
    var problem = functions.name() + " must give " + functions.allowed() + ", not " + given + about;
    return new ScriptException(Phase.CALL, Kind.WRONG_ANSWER, problem, functions.place());
  }

  /** Whether it wants to know how requests go. */
  public boolean observes() {
    return !functions.observers().isEmpty();
  }

  @Override
  public void onReserved(RouteRequest request, Endpoint endpoint) {
    tell(Observation.RESERVED, request, endpoint);
  }

  @Override
  public void onFirstToken(RouteRequest request, Endpoint endpoint, double seconds) {
    tell(Observation.FIRST_TOKEN, request, endpoint, seconds);
  }

  @Override
  public void onCompleted(RouteRequest request, Endpoint endpoint, Completion completion) {
    tell(
        Observation.COMPLETED,
        request,
        endpoint,
        completion.status(),
        completion.seconds(),
        completion.promptTokens(),
        completion.outputTokens());
  }

  @Override
  public void onFailed(RouteRequest request, Endpoint endpoint) {
    tell(Observation.FAILED, request, endpoint);
  }

  @Override
  public void onCancelled(RouteRequest request, Endpoint endpoint) {
    tell(Observation.CANCELLED, request, endpoint);
  }

  private void tell(
      Observation observation, RouteRequest request, Endpoint endpoint, Object... more) {
    var observer = functions.observers().get(observation);
    if (observer == null) {
      return;
    }
    var view = new GuestRequest(request);
    script.run(
        Phase.OBSERVE,
        view,
        () -> {
          var table = script.tables().holding(endpoint);
          var arguments = new Object[3 + more.length];
          arguments[0] = view;
          arguments[1] = table.guest();
          arguments[2] = table.row(endpoint);
          System.arraycopy(more, 0, arguments, 3, more.length);
          observer.executeVoid(arguments);
        });
  }
}
