package io.signalbox.benchmarks;

import io.signalbox.host.config.Placement;
import io.signalbox.host.script.ScriptLanguage;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.IntStream;

/** How much heap each further plugin of a language takes. */
final class PluginMemory {
  private static final int COLLECTIONS = 10;

  /** Cold calls may be interrupted. */
  private static final int MOST_TRIES = 100;

  private static final Duration REST = Duration.ofMillis(300);

  private PluginMemory() {}

  /** Arguments: a language, how many plugins more than one. */
  public static void main(String[] args) {
    var language = ScriptLanguage.valueOf(args[0]);
    int more = Integer.parseInt(args[1]);
    var form = ScriptForm.of(language.name());
    var names = IntStream.rangeClosed(0, more).mapToObj(form::id);
    try (var rig = new PluginRig(Placement.WORKER, names)) {
      add(rig, form, 0);
      rig.start();
      use(rig, form, 0);
      double one = usedMebibytes();
      for (int i = 1; i <= more; i++) {
        add(rig, form, i);
      }
      rig.awaitStrategies(more + 1);
      for (int i = 1; i <= more; i++) {
        use(rig, form, i);
      }
      double all = usedMebibytes();
      System.out.printf(
          Locale.ROOT,
          "| %s | %.2f | %.0f | %d |%n",
          language.title(),
          (all - one) / more,
          one,
          more);
    }
  }

  private static void add(PluginRig rig, ScriptForm form, int number) {
    var id = form.id(number);
    rig.save(form.file(id), form.text(id));
  }

  /** So that it holds the endpoints as well. */
  private static void use(PluginRig rig, ScriptForm form, int number) {
    var decisions = new Decisions(form.id(number), rig.router(form.id(number)));
    for (int tries = 0; rig.decide(decisions).isEmpty(); tries++) {
      if (tries == MOST_TRIES) {
        throw new IllegalStateException(decisions.name() + " does not answer");
      }
      Pause.of(REST);
    }
  }

  /** The least of several looks: what is being compiled just then goes away. */
  private static double usedMebibytes() {
    var memory = ManagementFactory.getMemoryMXBean();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < COLLECTIONS; i++) {
      memory.gc();
      Pause.of(REST);
      least = Math.min(least, memory.getHeapMemoryUsage().getUsed());
    }
    return least / (double) (1 << 20);
  }
}
