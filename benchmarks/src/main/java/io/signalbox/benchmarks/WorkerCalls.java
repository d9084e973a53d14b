package io.signalbox.benchmarks;

import io.signalbox.host.config.Placement;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * How long a decision takes whose only stage is a script on a thread of its own, beside its twin in
 * Java: asked on an event loop, once per millisecond.
 */
final class WorkerCalls {
  private static final List<ScriptForm> FORMS =
      List.of(ScriptForm.JAVASCRIPT_BATCH, ScriptForm.PYTHON_BATCH);

  private final PluginRig rig;

  private WorkerCalls(PluginRig rig) {
    this.rig = rig;
  }

  /** Arguments: rounds, seconds of a round. Each form is warmed up for three rounds. */
  public static void main(String[] args) {
    try (var rig = new PluginRig(Placement.WORKER, FORMS.stream().map(ScriptForm::id))) {
      for (var form : FORMS) {
        rig.save(form.file(form.id()), form.text(form.id()));
      }
      rig.start();
      new WorkerCalls(rig)
          .run(Integer.parseInt(args[0]), Duration.ofSeconds(Long.parseLong(args[1])));
    }
  }

  private void run(int rounds, Duration time) {
    var ways = InlineCalls.ways(rig, FORMS);
    ways.forEach(way -> warmUp(way, time.multipliedBy(3)));
    var p50 = new double[ways.size()][rounds];
    var p99 = new double[ways.size()][rounds];
    ways.forEach(Decisions::warm);
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < ways.size(); i++) {
        var times = paced(ways.get(i), time);
        p50[i][round] = times.getValueAtPercentile(50) / 1e3;
        p99[i][round] = times.getValueAtPercentile(99) / 1e3;
      }
    }
    for (int i = 0; i < ways.size(); i++) {
      System.out.printf(
          Locale.ROOT,
          "| %s | %.1f | %.1f | %.1f | %.1f | %d |%n",
          ways.get(i).name(),
          Round.median(p50[i]),
          Round.median(p99[i]),
          InlineCalls.above(p50[0], p50[i]),
          InlineCalls.above(p99[0], p99[i]),
          ways.get(i).failures());
    }
  }

  /** One decision after the other. */
  private void warmUp(Decisions way, Duration time) {
    long until = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < until) {
      var _ = rig.decide(way);
    }
  }

  /** One decision each millisecond, whether or not the one before is made. */
  private Histogram paced(Decisions way, Duration time) {
    var times = new Histogram(3);
    var done = Promise.<Histogram>promise();
    long until = System.nanoTime() + time.toNanos();
    rig.loop()
        .runOnContext(turn ->
            rig.vertx()
                .setPeriodic(
                    1,
                    timer -> {
                      long asked = System.nanoTime();
                      if (asked < until) {
                        way.decide(() -> times.recordValue(System.nanoTime() - asked));
                      } else if (way.pending() == 0) {
                        rig.vertx().cancelTimer(timer);
                        done.complete(times);
                      }
                    }));
    return done.future().await();
  }
}
