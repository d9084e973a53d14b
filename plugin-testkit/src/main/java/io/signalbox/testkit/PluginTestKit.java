package io.signalbox.testkit;

import io.signalbox.host.cases.CaseFile;
import io.signalbox.host.cases.CaseRunner;
import io.signalbox.host.cases.JavaSubject;
import io.signalbox.host.cases.PluginCase;
import io.signalbox.host.cases.ScriptSubject;
import io.signalbox.host.cases.Subject;
import io.signalbox.host.script.ScriptRuntime;
import io.signalbox.host.strategy.StrategyDescription;
import io.signalbox.sdk.StrategyFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * Runs files of cases over a plugin:
 *
 * <pre>{@code
 * @TestFactory
 * Stream<DynamicTest> cheapestQueue() {
 *   return PluginTestKit.load(Path.of("cheapest-queue.mjs")).run(Path.of("cases/cheapest-queue.json"));
 * }
 * }</pre>
 *
 * <p>Each case is a test and gets a fresh instance of the plugin. What scripts print is printed. A
 * script runs as slow as it runs without the optimising runtime: nothing here measures time.
 */
public final class PluginTestKit {
  /** As long as the JVM lives: the first script of a language takes seconds. */
  private static final class Scripts {
    private static final ScriptSubject.Surroundings SURROUNDINGS =
        new ScriptSubject.Surroundings(
            new ScriptRuntime(), (level, line) -> System.out.println(level + " " + line));
  }

  private final String plugin;
  private final List<StrategyDescription> strategies;
  private final Function<String, Subject.Source> instances;

  private PluginTestKit(
      String plugin,
      List<StrategyDescription> strategies,
      Function<String, Subject.Source> instances) {
    this.plugin = plugin;
    this.strategies = strategies;
    this.instances = instances;
  }

  /**
   * A plugin in JavaScript or Python.
   *
   * @param script its file, or its folder
   * @throws RuntimeException when it is no plugin, or does not load
   */
  public static PluginTestKit load(Path script) {
    var source = PluginFiles.read(script);
    return new PluginTestKit(
        source.main(),
        ScriptSubject.describe(Scripts.SURROUNDINGS, source),
        id -> ScriptSubject.of(Scripts.SURROUNDINGS, source, id));
  }

  /**
   * A strategy in Java.
   *
   * @param factory makes a new factory each time, since factories keep state
   */
  public static PluginTestKit of(Supplier<StrategyFactory> factory) {
    var source = JavaSubject.of(factory);
    try (var one = source.open()) {
      return new PluginTestKit(one.description().id(), List.of(one.description()), _ -> source);
    }
  }

  /** What its strategies say of themselves. */
  public List<StrategyDescription> strategies() {
    return strategies;
  }

  /**
   * One test for each case of a file.
   *
   * @throws RuntimeException when the file cannot be used; the message says where it is wrong
   */
  public Stream<DynamicTest> run(Path cases) {
    var file = CaseFile.read(cases);
    var runner = new CaseRunner(instances.apply(file.strategy()));
    return file.cases().stream()
        .map(one ->
            DynamicTest.dynamicTest(
                plugin + ": " + one.name(), cases.toUri(), () -> run(runner, one)));
  }

  private void run(CaseRunner runner, PluginCase one) {
    var problems = runner.run(one);
    if (!problems.isEmpty()) {
      throw new AssertionError(
          plugin + ", case \"" + one.name() + "\": " + String.join("\n", problems));
    }
  }
}
