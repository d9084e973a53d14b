package io.signalbox.benchmarks;

import io.signalbox.host.script.ScriptLanguage;
import java.util.Locale;

/** How long the first plugin of a language takes in a new process. */
final class FirstLoad {
  private FirstLoad() {}

  /** Argument: a language. */
  public static void main(String[] args) {
    var language = ScriptLanguage.valueOf(args[0]);
    var form = ScriptForm.of(language.name());
    try (var rig = new PluginRig()) {
      rig.save(form.file(form.id()), form.text(form.id()));
      long start = System.nanoTime();
      rig.start();
      double loaded = (System.nanoTime() - start) / 1e9;
      System.out.printf(Locale.ROOT, "| %s | %.1f |%n", language.title(), loaded);
    }
  }
}
