package io.signalbox.host.plugin;

import io.signalbox.host.script.ScriptException;
import io.signalbox.host.script.ScriptException.Kind;
import io.signalbox.host.strategy.StageCall;
import io.signalbox.host.telemetry.PluginMetrics;
import io.signalbox.host.telemetry.PluginMetrics.Outcome;
import io.signalbox.host.telemetry.Quiet;
import io.signalbox.sdk.ExchangeObserver;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One strategy of one version of a plugin, at work on the plugin's script thread. Keeps count of
 * what goes wrong, and does not ask while too much does. Safe for any event loop.
 */
final class ScriptService {
  private static final Logger LOG = LoggerFactory.getLogger(ScriptService.class);

  /** Cold code is slow, which its deadlines need not suffer for. */
  private static final long WARM_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Vertx vertx;
  private final String plugin;
  private final String strategy;
  private final ScriptThread script;
  private final PluginMetrics.Calls metrics;
  private final Breaker breaker;
  private final Quiet quiet = new Quiet();
  private final long sinceNanos = System.nanoTime();
  private volatile String lastProblem = "";

  /**
   * A strategy that is loaded.
   *
   * @param strategy its id
   * @param script where it lives
   */
  ScriptService(Vertx vertx, String plugin, String strategy, ScriptThread script, Parts parts) {
    this.vertx = vertx;
    this.plugin = plugin;
    this.strategy = strategy;
    this.script = script;
    this.metrics = parts.metrics();
    this.breaker =
        new Breaker(
            BreakerRules.DEFAULT,
            System::nanoTime,
            state -> {
              LOG.warn("plugin {}: the breaker of {} is {}", plugin, strategy, state);
              parts.breakerMoved().run();
            });
  }

  /**
   * What a service is given.
   *
   * @param breakerMoved told when its breaker opens or closes
   */
  record Parts(PluginMetrics.Calls metrics, Runnable breakerMoved) {}

  /** Asks; on an event loop. */
  void ask(StageCall call) {
    var permit = breaker.ask();
    if (permit == null) {
      skip(call, "its breaker is open: " + lastProblem);
      return;
    }
    var worker = script.worker();
    var job = new CallJob(call, strategy, vertx.getOrCreateContext(), new Tally(permit));
    if (worker == null || !worker.offer(job)) {
      permit.dropped();
      skip(call, worker == null ? script.absence() : "too many questions wait for it");
    }
  }

  private void skip(StageCall call, String why) {
    metrics.count(Outcome.SKIPPED);
    call.failed(why);
  }

  /** Tells the script how an exchange goes; is lost where too much waits for it. */
  void observe(Consumer<ExchangeObserver> news) {
    var worker = script.worker();
    if (worker != null && !worker.offer(new ObserveJob(strategy, news, this::observationFailed))) {
      metrics.count(Outcome.SKIPPED);
    }
  }

  private void observationFailed(ScriptException problem) {
    metrics.count(Outcome.FAILED);
    note(problem);
  }

  private void note(ScriptException problem) {
    lastProblem = String.valueOf(problem.getMessage());
    if (quiet.mayTell()) {
      LOG.warn("plugin {}: {} failed: {}", plugin, strategy, lastProblem);
    }
  }

  Breaker.State breaker() {
    return breaker.state();
  }

  PluginMetrics.Calls metrics() {
    return metrics;
  }

  /** What went wrong last; empty where nothing did. */
  String lastProblem() {
    return lastProblem;
  }

  private final class Tally implements CallTally {
    private final Breaker.Permit permit;

    Tally(Breaker.Permit permit) {
      this.permit = permit;
    }

    @Override
    public void answered(long nanos) {
      permit.succeeded();
      metrics.answered(nanos);
    }

    @Override
    public void late(long nanos) {
      metrics.count(Outcome.LATE);
      if (System.nanoTime() - sinceNanos > WARM_NANOS) {
        lastProblem = "answers came after their deadlines";
        permit.failed();
      } else {
        permit.dropped();
      }
    }

    @Override
    public void failed(ScriptException problem) {
      if (problem.kind() == Kind.CANCELLED) {
        cancelled();
        return;
      }
      metrics.count(Outcome.FAILED);
      note(problem);
      permit.failed();
    }

    @Override
    public void cancelled() {
      metrics.count(Outcome.SKIPPED);
      permit.dropped();
    }
  }
}
