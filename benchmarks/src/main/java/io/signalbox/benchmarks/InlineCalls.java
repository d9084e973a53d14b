package io.signalbox.benchmarks;

import io.signalbox.host.config.Placement;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What a decision costs whose only stage is a script on the deciding thread, beside its twin in
 * Java: processor time of that thread, so that others on the machine count less.
 */
final class InlineCalls {
  private static final int BATCH = 100;

  private InlineCalls() {}

  /** Arguments: rounds, seconds of a round. Each form is warmed up for three rounds. */
  public static void main(String[] args) {
    int rounds = Integer.parseInt(args[0]);
    var time = Duration.ofSeconds(Long.parseLong(args[1]));
    var names = Arrays.stream(ScriptForm.values()).map(ScriptForm::id);
    try (var rig = new PluginRig(Placement.INLINE, names)) {
      for (var form : ScriptForm.values()) {
        rig.save(form.file(form.id()), form.text(form.id()));
      }
      rig.start();
      var ways = ways(rig, List.of(ScriptForm.values()));
      ways.forEach(way -> measure(way, time.multipliedBy(3)));
      var nanos = new double[ways.size()][rounds];
      ways.forEach(Decisions::warm);
      for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < nanos.length; i++) {
          nanos[i][round] = measure(ways.get(i), time);
        }
      }
      for (int i = 0; i < nanos.length; i++) {
        System.out.printf(
            Locale.ROOT,
            "| %s | %.0f | %.0f | %d |%n",
            ways.get(i).name(),
            Round.median(nanos[i]),
            above(nanos[0], nanos[i]),
            ways.get(i).failures());
      }
    }
  }

  /** Java, and these forms. */
  static List<Decisions> ways(PluginRig rig, List<ScriptForm> forms) {
    var ways = new ArrayList<Decisions>();
    ways.add(new Decisions("Java", rig.router(CheapestQueue.ID)));
    forms.forEach(form -> ways.add(new Decisions(form.title(), rig.router(form.id()))));
    return ways;
  }

  /** The median of the differences within a round. */
  static double above(double[] java, double[] form) {
    return Round.median(
        IntStream.range(0, java.length).mapToDouble(i -> form[i] - java[i]).toArray());
  }

  private static double measure(Decisions way, Duration time) {
    var threads = ManagementFactory.getThreadMXBean();
    long until = System.nanoTime() + time.toNanos();
    long cpu = threads.getCurrentThreadCpuTime();
    long count = 0;
    while (System.nanoTime() < until) {
      for (int i = 0; i < BATCH; i++) {
        way.decide();
      }
      count += BATCH;
    }
    return (double) (threads.getCurrentThreadCpuTime() - cpu) / Math.max(1, count);
  }
}
