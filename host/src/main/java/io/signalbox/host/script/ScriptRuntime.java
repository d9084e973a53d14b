package io.signalbox.host.script;

import io.signalbox.host.script.ScriptException.Kind;
import io.signalbox.host.script.ScriptException.Phase;
import io.signalbox.host.script.ScriptException.Place;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Makes scripts. Safe for any thread, but slow: the first script of a language takes seconds, each
 * further one 10 ms in JavaScript and 300 ms in Python, so never on an event loop.
 */
public final class ScriptRuntime implements AutoCloseable {
  private record EngineKey(ScriptLanguage language, Grants grants) {}

  private final LongSupplier nanoTime;
  private final ConcurrentMap<EngineKey, ScriptEngine> engines = new ConcurrentHashMap<>();

  /** A runtime that has made nothing yet. */
  public ScriptRuntime() {
    this(System::nanoTime);
  }

  ScriptRuntime(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** How scripts run here. The first call takes a second. */
  public RuntimeReport report() {
    return RuntimeProbe.report();
  }

  /**
   * Makes a script and {@linkplain Script#load loads} it, for as long as its main file runs.
   *
   * @param random where the script's chance comes from; used by the thread that uses the script
   * @throws ScriptException when the language is absent, or the script cannot be loaded
   */
  public Script open(
      ScriptSource source, Grants grants, ScriptOutput output, RandomGenerator random) {
    var script = prepare(source, grants, output, random);
    try {
      script.load();
      return script;
    } catch (ScriptException e) {
      script.close();
      throw e;
    }
  }

  /**
   * Makes a script of which nothing has run yet, so that another thread can watch it {@linkplain
   * Script#load load}.
   *
   * @param random where the script's chance comes from; used by the thread that uses the script
   * @throws ScriptException when the language is absent
   */
  public Script prepare(
      ScriptSource source, Grants grants, ScriptOutput output, RandomGenerator random) {
    if (report().of(source.language()) instanceof RuntimeReport.Absent(var install)) {
      throw new ScriptException(
          Phase.PARSE, Kind.GUEST_ERROR, install, new Place(source.main(), 0, 0));
    }
    return engines
        .computeIfAbsent(
            new EngineKey(source.language(), grants),
            key -> new ScriptEngine(key.language(), key.grants()))
        .prepare(source, new BoundedOutput(output, nanoTime), random);
  }

  /** Ends every script it made. */
  @Override
  public void close() {
    engines.values().forEach(ScriptEngine::close);
    engines.clear();
  }
}
