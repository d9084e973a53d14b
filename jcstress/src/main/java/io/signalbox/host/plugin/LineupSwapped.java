package io.signalbox.host.plugin;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.signalbox.host.config.Rollout;
import io.signalbox.host.plugin.PluginStrategy.Lineup;
import io.signalbox.host.plugin.PluginStrategy.Observing;
import io.signalbox.host.strategy.StageCall;
import io.signalbox.host.strategy.StageQuestion;
import io.signalbox.host.strategy.StrategyDescription;
import io.signalbox.host.strategy.StrategyKind;
import io.signalbox.host.telemetry.PluginMetrics;
import io.signalbox.sdk.Band;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.Parameters;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IL_Result;

/** A version of a plugin takes over from another, while a chain asks. */
@JCStressTest
@Outcome(id = "1, it is not started", expect = Expect.ACCEPTABLE, desc = "The one before answers.")
@Outcome(id = "1, it was closed", expect = Expect.ACCEPTABLE, desc = "The one after answers.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Asked twice, not at all, or half of each.")
@State
public class LineupSwapped {
  private static final StrategyDescription DESCRIPTION =
      new StrategyDescription(
          "s", StrategyKind.SCORER, Direction.HIGHER, Band.EXACT, 1, Set.of(), List.of());

  private static final Lineup BEFORE = new Lineup(null, service(script()), new Rollout.Canary(1));
  private static final Lineup AFTER = new Lineup(service(closed()), null, new Rollout.Full());

  private final PluginStrategy strategy =
      new PluginStrategy(DESCRIPTION, Duration.ofSeconds(1), Observing.NO, () -> 0);

  public LineupSwapped() {
    strategy.use(BEFORE);
  }

  /** Without a thread, so that what it answers says which one it is. */
  private static ScriptThread script() {
    var opening =
        new Opening(
            () -> {
              throw new IllegalStateException("never opened");
            },
            Duration.ofSeconds(1));
    return new ScriptThread("p", opening, new ScriptSupervisor(), () -> {});
  }

  private static ScriptThread closed() {
    var script = script();
    var _ = script.close();
    return script;
  }

  private static ScriptService service(ScriptThread script) {
    return new ScriptService(
        Vertx.vertx(),
        "p",
        "s",
        script,
        new ScriptService.Parts(
            new PluginMetrics(new SimpleMeterRegistry()).calls("p", "s"), () -> {}));
  }

  @Actor
  public void swap() {
    strategy.use(AFTER);
  }

  @Actor
  public void ask(IL_Result result) {
    var question =
        new StageQuestion(
            new SampleRequest(),
            new WholeTable(new SampleFleet(1, SampleFleet.Signals.UNKNOWN)),
            Parameters.NONE,
            Duration.ofSeconds(1));
    strategy.ask(
        new StageCall(
            StrategyKind.SCORER,
            question,
            call -> {
              result.r1++;
              result.r2 = call.problem();
            }));
  }
}
