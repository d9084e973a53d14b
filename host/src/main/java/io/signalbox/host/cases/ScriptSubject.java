package io.signalbox.host.cases;

import io.signalbox.host.script.Grants;
import io.signalbox.host.script.Script;
import io.signalbox.host.script.ScriptException;
import io.signalbox.host.script.ScriptOutput;
import io.signalbox.host.script.ScriptRuntime;
import io.signalbox.host.script.ScriptSource;
import io.signalbox.host.script.ScriptStrategy;
import io.signalbox.host.strategy.StageCall;
import io.signalbox.host.strategy.StrategyDescription;
import io.signalbox.sdk.Completion;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.ExchangeObserver;
import io.signalbox.sdk.RouteRequest;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A strategy of a script, which may do nothing but decide. Chance is the same in every instance.
 */
public final class ScriptSubject implements Subject {
  private static final long SEED = 1;

  private final Script script;
  private final ScriptStrategy strategy;

  private ScriptSubject(Script script, ScriptStrategy strategy) {
    this.script = script;
    this.strategy = strategy;
  }

  /**
   * What scripts are made with.
   *
   * @param output where what they print goes
   * @param made told of each before it is loaded
   */
  public record Surroundings(ScriptRuntime runtime, ScriptOutput output, Consumer<Script> made) {
    /** Nobody is told. */
    public Surroundings(ScriptRuntime runtime, ScriptOutput output) {
      this(runtime, output, script -> {});
    }
  }

  /**
   * Instances of one strategy of a script; opening one fails where the script does not load or
   * declares no such strategy.
   *
   * @param id the strategy
   */
  public static Source of(Surroundings surroundings, ScriptSource source, String id) {
    return () -> {
      var script = open(surroundings, source);
      return script.strategies().stream()
          .filter(strategy -> strategy.description().id().equals(id))
          .findFirst()
          .map(strategy -> new ScriptSubject(script, strategy))
          .orElseThrow(() -> absent(script, id));
    };
  }

  private static Script open(Surroundings surroundings, ScriptSource source) {
    var script =
        surroundings
            .runtime()
            .prepare(source, Grants.NONE, surroundings.output(), new SplittableRandom(SEED));
    surroundings.made().accept(script);
    try {
      script.load();
      return script;
    } catch (ScriptException e) {
      script.close();
      throw e;
    }
  }

  /** What the strategies of a script say of themselves; fails where the script does not load. */
  public static List<StrategyDescription> describe(Surroundings surroundings, ScriptSource source) {
    try (var script = open(surroundings, source)) {
      return descriptions(script);
    }
  }

  private static List<StrategyDescription> descriptions(Script script) {
    return script.strategies().stream().map(ScriptStrategy::description).toList();
  }

  private static IllegalArgumentException absent(Script script, String id) {
    var declared =
        descriptions(script).stream()
            .map(StrategyDescription::id)
            .collect(Collectors.joining(", "));
    var main = script.source().main();
    script.close();
    return new IllegalArgumentException(
        main + " declares no strategy \"" + id + "\"; it declares " + declared);
  }

  @Override
  public StrategyDescription description() {
    return strategy.description();
  }

  @Override
  public void answer(StageCall call) {
    var request = call.question().request();
    var candidates = call.question().candidates();
    var parameters = call.question().parameters();
    switch (description().kind()) {
      case SCORER -> strategy.score(request, candidates, parameters, call.scores());
      case FILTER -> strategy.filter(request, candidates, parameters, call.keep());
      case PICKER -> call.pick(strategy.pick(request, candidates, parameters));
    }
  }

  @Override
  public Optional<ExchangeObserver> observer() {
    return strategy.observes() ? Optional.of(new Observer(strategy)) : Optional.empty();
  }

  @Override
  public Optional<String> saveState() {
    return script.saveState();
  }

  @Override
  public void restoreState(String state) {
    script.restoreState(state);
  }

  @Override
  public void close() {
    script.close();
  }

  private record Observer(ScriptStrategy strategy) implements ExchangeObserver {
    @Override
    public void onReserved(RouteRequest request, Endpoint endpoint) {
      strategy.onReserved(request, endpoint);
    }

    @Override
    public void onFirstToken(RouteRequest request, Endpoint endpoint, double seconds) {
      strategy.onFirstToken(request, endpoint, seconds);
    }

    @Override
    public void onCompleted(RouteRequest request, Endpoint endpoint, Completion completion) {
      strategy.onCompleted(request, endpoint, completion);
    }

    @Override
    public void onFailed(RouteRequest request, Endpoint endpoint) {
      strategy.onFailed(request, endpoint);
    }

    @Override
    public void onCancelled(RouteRequest request, Endpoint endpoint) {
      strategy.onCancelled(request, endpoint);
    }
  }
}
