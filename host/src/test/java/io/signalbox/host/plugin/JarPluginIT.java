package io.signalbox.host.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.signalbox.host.strategy.StrategyKind;
import io.signalbox.sdk.Parameters;
import io.signalbox.sdk.Picker;
import io.signalbox.sdk.Signal;
import io.signalbox.sdk.StrategyContext;
import io.signalbox.sdk.StrategyFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Jars that are compiled here. */
class JarPluginIT {
  private static final String GOOD =
      """
      public class Made implements StrategyFactory {
        public String id() { return "made"; }
        public Set<Signal> needs() { return Set.of(Signal.WAITING); }
        public Strategy create(StrategyContext context) { return (Picker) (request, candidates) -> Inner.zero(); }
        static class Inner {
          static int zero() { return 0; }
        }
      }
      """;

  @TempDir private Path folder;
  @TempDir private Path copies;

  private PluginFiles.Jar jar(String... sources) throws IOException {
    return new TestJar(folder).of(sources);
  }

  private static List<String> ids(JarPlugin plugin) {
    return plugin.factories().stream().map(StrategyFactory::id).toList();
  }

  private JarPlugin load(PluginFiles.Jar files) {
    return JarPlugin.load(files, copies);
  }

  @Test
  void aJarBringsItsStrategies() throws IOException {
    try (var plugin = load(jar(GOOD, GOOD.replace("Made", "Other").replace("made", "other")))) {
      assertThat(ids(plugin)).containsExactly("made", "other");
      assertThat(plugin.factories().getFirst().needs()).containsExactly(Signal.WAITING);
      assertThat(plugin.kinds()).containsEntry("made", StrategyKind.PICKER);
    }
  }

  /** What was not loaded when the jar was written over is loaded from the copy. */
  @Test
  void theJarMayBeWrittenOverWhileItIsInUse() throws IOException {
    var files = jar(GOOD);
    try (var plugin = load(files)) {
      Files.write(files.path(), new byte[10]);
      var context = StrategyContext.of(Parameters.NONE, new SplittableRandom(1), () -> 0);
      var made = plugin.factories().getFirst().create(context);
      var fleet = new WholeTable(new SampleFleet(1, SampleFleet.Signals.KNOWN));

      assertThat(made)
          .isInstanceOfSatisfying(
              Picker.class, picker -> assertThat(picker.pick(new SampleRequest(), fleet)).isZero());
    }
  }

  @Test
  void closingLeavesNothingBehind() throws IOException {
    var plugin = load(jar(GOOD));
    assertThat(copies).isNotEmptyDirectory();

    plugin.close();
    assertThat(copies).isEmptyDirectory();
  }

  @Test
  void twoVersionsAreApart() throws IOException {
    var first = jar(GOOD);
    try (var one = load(first)) {
      var second = jar(GOOD.replace("\"made\"", "\"remade\""));
      try (var two = load(second)) {
        assertThat(ids(one)).containsExactly("made");
        assertThat(ids(two)).containsExactly("remade");
      }
    }
  }

  /** A jar that cannot be used, and a part of what is said of it. */
  record Row(String name, String source, String problem) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Row> rows() {
    return List.of(
        new Row("no service file", "", "names no strategy in META-INF/services/io.signalbox.sdk"),
        new Row(
            "a constructor that throws",
            GOOD.replace(
                "{\n  public String id",
                "{ public Made() { throw new ArithmeticException(\"no\"); }\n  public String id"),
            "java.lang.ArithmeticException: no"),
        new Row(
            "an error in a static initialiser",
            GOOD.replace(
                "{\n  public String id",
                "{ static { if (true) throw new OutOfMemoryError(\"no\"); }\n  public String id"),
            "java.lang.OutOfMemoryError: no"),
        new Row(
            "no public constructor",
            GOOD.replace("{\n  public String id", "{ private Made() {}\n  public String id"),
            "Made Unable to get public no-arg constructor"),
        new Row(
            "an id that throws",
            GOOD.replace("return \"made\"", "throw new ArithmeticException(\"no\")"),
            "its strategies cannot be made: java.lang.ArithmeticException: no"),
        new Row("no id", GOOD.replace("\"made\"", "null"), "has the id \"null\""),
        new Row(
            "an id that chains cannot name",
            GOOD.replace("\"made\"", "\"Made It\""),
            "Made has the id \"Made It\": allowed are a-z 0-9 and - between them"),
        new Row(
            "no needs",
            GOOD.replace("Set.of(Signal.WAITING)", "null"),
            "its strategies cannot be made: java.lang.NullPointerException"),
        new Row(
            "no strategy",
            GOOD.replace("(Picker) (request, candidates) -> Inner.zero()", "null"),
            "the factory of \"made\" makes no strategy"),
        new Row(
            "a class of the host",
            GOOD.replace(
                "return \"made\"", "return io.signalbox.host.plugin.PluginFiles.class.getName()"),
            "it needs the class io/signalbox/host/plugin/PluginFiles, and sees only java.*"),
        new Row(
            "a library of the host",
            GOOD.replace("return \"made\"", "return org.slf4j.Logger.class.getName()"),
            "it needs the class org/slf4j/Logger, and sees only java.*"),
        new Row("not a factory", "public class Made {}", "Made not a subtype"));
  }

  @Test
  void twoStrategiesOfOneNameAreRefused() throws IOException {
    assertRefused(
        jar(GOOD, GOOD.replace("Made", "Other")), "two of its strategies are called \"made\"");
  }

  @Test
  void aClassForANewerJavaIsRefused() throws IOException {
    var newer =
        new TestJar(folder)
            .compiled(bytes -> {
              bytes[7]++;
              return bytes;
            })
            .of(GOOD);

    assertRefused(newer, "it is compiled for a newer Java than ");
  }

  @Test
  void aClassThatIsMissingIsRefused() throws IOException {
    var other = new TestJar(folder).compiled(_ -> new byte[0]).of(GOOD);

    assertRefused(other, "ClassFormatError");
  }

  @Test
  void whatIsNoJarIsRefused() throws IOException {
    var text = Files.writeString(folder.resolve("made.jar"), "text");

    assertRefused(TestJar.files(text), "it is no jar: ");
  }

  @Test
  void aJarThatIsAnotherOneByNowIsRefused() throws IOException {
    var files = jar(GOOD);
    var _ = jar(GOOD.replace("\"made\"", "\"remade\""));

    assertRefused(files, "the jar was changed while it was loaded");
  }

  @Test
  void aJarThatIsGoneIsRefused() throws IOException {
    var files = jar(GOOD);
    Files.delete(files.path());

    assertRefused(files, "made.jar cannot be read: ");
  }

  @ParameterizedTest
  @MethodSource("rows")
  void whatKeepsAJarFromBeingUsedIsSaid(Row row) throws IOException {
    var files = row.source().isEmpty() ? jar() : jar(row.source());

    assertRefused(files, row.problem());
  }

  private void assertRefused(PluginFiles.Jar files, String problem) {
    assertThatExceptionOfType(PluginException.class)
        .isThrownBy(() -> load(files))
        .withMessageContaining(problem);
    assertThat(copies).isEmptyDirectory();
  }
}
