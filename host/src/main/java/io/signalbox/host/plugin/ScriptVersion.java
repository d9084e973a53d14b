package io.signalbox.host.plugin;

import io.signalbox.host.plugin.PluginStrategy.Lineup;
import io.signalbox.host.plugin.PluginStrategy.Observing;
import io.signalbox.host.script.Script;
import io.signalbox.host.strategy.RegisteredStrategy;
import io.signalbox.host.strategy.StrategyDescription;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A version of a script whose calls run on a thread of its own. */
final class ScriptVersion implements RunningVersion {
  /** The next version's code is cold, and Python imports its JSON reader first. */
  static final Duration STATE_LIMIT = Duration.ofSeconds(10);

  private final ScriptThread thread;
  private final List<Member> members;

  /**
   * One strategy of the version.
   *
   * @param budget of a call, where the operator does not say
   * @param alone reaches this version, whatever others there are
   */
  record Member(
      StrategyDescription description,
      Observing observing,
      ScriptService service,
      Duration budget,
      PluginStrategy alone) {}

  ScriptVersion(ScriptThread thread, List<Member> members) {
    this.thread = thread;
    this.members = List.copyOf(members);
  }

  List<Member> members() {
    return members;
  }

  @Override
  public List<RegisteredStrategy> strategies() {
    return members.stream()
        .<RegisteredStrategy>map(member -> new RegisteredStrategy.Remote(member.alone()))
        .toList();
  }

  /** What the script wants its next version to know; empty where it says nothing. */
  Future<Optional<String>> state() {
    return task(Script::saveState);
  }

  /** Hands it what the version before wanted it to know. */
  Future<Void> restore(String state) {
    return task(
            script -> {
              script.restoreState(state);
              return Optional.<String>empty();
            })
        .mapEmpty();
  }

  private <T> Future<T> task(java.util.function.Function<Script, T> task) {
    var job = new TaskJob<>(STATE_LIMIT, task);
    var worker = thread.worker();
    if (worker == null || !worker.offer(job)) {
      return Future.failedFuture(new PluginException("its script takes no questions now"));
    }
    return job.done();
  }

  @Override
  public Future<Void> close() {
    return thread.close();
  }

  /** A strategy that asks one service, always. */
  static PluginStrategy alone(
      StrategyDescription description,
      ScriptService service,
      Duration budget,
      Observing observing) {
    var strategy = new PluginStrategy(description, budget, observing, () -> 0);
    strategy.use(new Lineup(service, null, Lineup.EMPTY.rollout()));
    return strategy;
  }
}
