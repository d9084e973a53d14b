package io.signalbox.host.plugin;

import io.signalbox.host.plugin.InlineScripts.Seat;
import io.signalbox.host.script.Script;
import io.signalbox.host.script.ScriptException;
import io.signalbox.host.strategy.StrategyDescription;
import io.signalbox.host.strategy.TableCandidates;
import io.signalbox.host.telemetry.PluginMetrics;
import io.signalbox.host.telemetry.PluginMetrics.Outcome;
import io.signalbox.sdk.Band;
import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.Filter;
import io.signalbox.sdk.Parameter;
import io.signalbox.sdk.Parameters;
import io.signalbox.sdk.Picker;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Scorer;
import io.signalbox.sdk.Signal;
import io.signalbox.sdk.Strategy;
import io.signalbox.sdk.StrategyContext;
import io.signalbox.sdk.StrategyFactory;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * A strategy of a script that runs on the event loop that decides. Its instances hold nothing: the
 * script of the calling event loop answers, whichever instance asks.
 *
 * <p>An exception skips the stage, as with any strategy.
 */
final class InlineStrategy implements StrategyFactory {
  private final StrategyDescription description;
  private final InlineScripts scripts;
  private final PluginMetrics.Calls metrics;
  private final Breaker breaker;
  private volatile String lastProblem = "";

  InlineStrategy(
      StrategyDescription description,
      InlineScripts scripts,
      PluginMetrics.Calls metrics,
      Breaker breaker) {
    this.description = description;
    this.scripts = scripts;
    this.metrics = metrics;
    this.breaker = breaker;
  }

  @Override
  public String id() {
    return description.id();
  }

  @Override
  public Set<Signal> needs() {
    return description.needs();
  }

  @Override
  public List<Parameter> parameters() {
    return description.parameters();
  }

  Breaker.State breaker() {
    return breaker.state();
  }

  StrategyDescription description() {
    return description;
  }

  PluginMetrics.Calls metrics() {
    return metrics;
  }

  /** What went wrong last; empty where nothing did. */
  String lastProblem() {
    return lastProblem;
  }

  @Override
  public Strategy create(StrategyContext context) {
    var parameters = context.parameters();
    return switch (description.kind()) {
      case SCORER -> new Scoring(parameters);
      case FILTER -> new Filtering(parameters);
      case PICKER -> new Picking(parameters);
    };
  }

  private <T> T call(Function<Script, T> question) {
    var permit = breaker.ask();
    if (permit == null) {
      metrics.count(Outcome.SKIPPED);
      throw new PluginException("the breaker of " + description.id() + " is open");
    }
    Seat seat = scripts.mine();
    if (seat == null) {
      permit.dropped();
      throw new PluginException(description.id() + " runs on event loops only");
    }
    long start = System.nanoTime();
    try {
      var answer = seat.timed(question);
      permit.succeeded();
      metrics.answered(System.nanoTime() - start);
      return answer;
    } catch (ScriptException e) {
      var status = e.status();
      if (status.isPresent()) {
        permit.succeeded();
        throw CallJob.refusal(status.getAsInt(), e.problem());
      }
      permit.failed();
      metrics.count(Outcome.FAILED);
      lastProblem = String.valueOf(e.getMessage());
      throw e;
    }
  }

  /** The host's candidates always know their table. */
  private static TableCandidates table(Candidates candidates) {
    return (TableCandidates) candidates;
  }

  private final class Scoring implements Scorer {
    private final Parameters parameters;

    Scoring(Parameters parameters) {
      this.parameters = parameters;
    }

    @Override
    public Direction prefers() {
      return description.prefers();
    }

    @Override
    public Band defaultBand() {
      return description.defaultBand();
    }

    @Override
    public double naturalScale() {
      return description.naturalScale();
    }

    @Override
    public void score(RouteRequest request, Candidates candidates, double[] scores) {
      call(script -> {
        script.strategy(id()).score(request, table(candidates), parameters, scores);
        return scores;
      });
    }
  }

  private final class Filtering implements Filter {
    private final Parameters parameters;

    Filtering(Parameters parameters) {
      this.parameters = parameters;
    }

    @Override
    public void filter(RouteRequest request, Candidates candidates, boolean[] keep) {
      call(script -> {
        script.strategy(id()).filter(request, table(candidates), parameters, keep);
        return keep;
      });
    }
  }

  private final class Picking implements Picker {
    private final Parameters parameters;

    Picking(Parameters parameters) {
      this.parameters = parameters;
    }

    @Override
    public int pick(RouteRequest request, Candidates candidates) {
      return call(script -> script.strategy(id()).pick(request, table(candidates), parameters));
    }
  }
}
