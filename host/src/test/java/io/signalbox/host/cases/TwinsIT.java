package io.signalbox.host.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.script.ScriptRuntime;
import io.signalbox.host.script.ScriptSource;
import io.signalbox.host.strategy.StrategyDescription;
import io.signalbox.sdk.Parameter;
import io.signalbox.sdk.StrategyFactory;
import io.signalbox.strategies.BuiltinStrategies;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The same strategy in Java, JavaScript and Python says the same of itself, and answers the same
 * cases.
 */
class TwinsIT {
  private static final Path TWINS = Path.of("src", "test", "resources", "twins");

  private static final ScriptRuntime RUNTIME = new ScriptRuntime();

  private static final ScriptSubject.Surroundings SURROUNDINGS =
      new ScriptSubject.Surroundings(RUNTIME, (level, line) -> {});

  @AfterAll
  static void close() {
    RUNTIME.close();
  }

  /** A strategy in one language. */
  record Twin(String id, String language, Subject.Source source) {
    static Stream<Twin> of(String id) {
      return Stream.of(
          new Twin(id, "Java", JavaSubject.of(() -> builtIn(id))),
          new Twin(id, "JavaScript", script(id, id + ".mjs")),
          new Twin(id, "Python", script(id, id.replace('-', '_') + ".py")));
    }

    private static StrategyFactory builtIn(String id) {
      return BuiltinStrategies.create().stream()
          .filter(factory -> factory.id().equals(id))
          .findFirst()
          .orElseThrow();
    }

    private static Subject.Source script(String id, String file) {
      try {
        var source = ScriptSource.of(file, Files.readString(TWINS.resolve(file)));
        return ScriptSubject.of(SURROUNDINGS, source, id);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    StrategyDescription description() {
      try (var subject = source.open()) {
        return subject.description();
      }
    }
  }

  static Stream<Twin> twins() {
    return Stream.of("least-request", "least-kv-cache", "round-robin").flatMap(Twin::of);
  }

  @TestFactory
  Stream<DynamicTest> answersTheSharedCases() {
    return twins()
        .flatMap(twin ->
            CaseFile.read(TWINS.resolve("cases").resolve(twin.id() + ".json")).cases().stream()
                .map(one ->
                    DynamicTest.dynamicTest(
                        twin.id() + " in " + twin.language() + ": " + one.name(),
                        () -> assertThat(new CaseRunner(twin.source()).run(one)).isEmpty())));
  }

  @TestFactory
  Stream<DynamicTest> saysTheSameOfItself() {
    return twins()
        .map(twin ->
            DynamicTest.dynamicTest(
                twin.id() + " in " + twin.language(),
                () -> {
                  var inJava = Twin.of(twin.id()).findFirst().orElseThrow().description();
                  var here = twin.description();

                  assertThat(here)
                      .usingRecursiveComparison()
                      .ignoringFields("naturalScale", "parameters")
                      .isEqualTo(inJava);
                  assertThat(names(here)).isEqualTo(names(inJava));
                }));
  }

  private static List<String> names(StrategyDescription description) {
    return description.parameters().stream().map(Parameter::name).toList();
  }
}
