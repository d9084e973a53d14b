package io.signalbox.host.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Scripts for tests, all of one runtime that lives as long as the JVM: the first Python script
 * costs seconds.
 */
final class Scripts {
  static final ScriptRuntime RUNTIME = new ScriptRuntime();

  private Scripts() {}

  /** A script of one file, with nothing granted, that prints nowhere. */
  static Script open(String file, String text) {
    return open(ScriptSource.of(file, text), (_, _) -> {});
  }

  static Script open(ScriptSource source, ScriptOutput output) {
    return RUNTIME.open(source, Grants.NONE, output, new Random(1));
  }

  /** The script's only strategy, or its first. */
  static ScriptStrategy first(Script script) {
    return script.strategies().getFirst();
  }

  /** A file of resources beside this class. */
  static Script resource(String file) {
    try (var in = Scripts.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalArgumentException("no resource " + file);
      }
      return open(file, FileContent.of(in.readAllBytes()).text());
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Collects lines as "LEVEL text". */
  static final class Lines implements ScriptOutput {
    final List<String> lines = new ArrayList<>();

    @Override
    public void line(org.slf4j.event.Level level, String text) {
      lines.add(level + " " + text);
    }
  }
}
