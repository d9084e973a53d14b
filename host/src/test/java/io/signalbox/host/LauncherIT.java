package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.graalvm.polyglot.Engine;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code ./signalbox} starts, in a copy of the project whose JDK and Maven only say so. */
final class LauncherIT {
  private static final String MAIN = "io.signalbox.host.Main";

  @TempDir private Path folder;

  private Path root;

  @BeforeEach
  void copyTheLauncher() throws IOException {
    // Paths with spaces are usual on some systems.
    root = Files.createDirectories(folder.resolve("a project"));
    Files.createDirectories(root.resolve("host/target/lib/jit"));
    for (var file :
        List.of("signalbox", ".mvn/find-java.sh", "distribution/src/main/launcher/start.sh")) {
      Files.createDirectories(root.resolve(file).getParent());
      Files.copy(Markdown.ROOT.resolve(file), root.resolve(file));
    }
    Files.writeString(root.resolve("pom.xml"), "");
    script(
        "mvnw",
        """
        echo run >> builds
        mkdir -p host/target/lib/jit
        """);
    script("jdk/bin/javac", "");
    script("jdk/bin/java", "for word; do echo \"$word\"; done");
    jdk("25.0.3");
  }

  private void script(String path, String text) throws IOException {
    var file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void jdk(String version) throws IOException {
    Files.writeString(root.resolve("jdk/release"), "JAVA_VERSION=\"" + version + "\"\n");
  }

  /** The build that is there is newer than all it was made of. */
  private void isBuilt() throws IOException {
    var stamp = Files.writeString(root.resolve("host/target/signalbox.built"), "");
    Files.setLastModifiedTime(stamp, FileTime.from(Instant.now().plusSeconds(60)));
  }

  private Process start(Map<String, String> environment, String... arguments) throws IOException {
    var command = new ArrayList<>(List.of("sh", root.resolve("signalbox").toString()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command);
    builder.environment().remove("SIGNALBOX_SCRIPTS");
    builder.environment().remove("SIGNALBOX_JAVA_OPTS");
    builder.environment().put("JAVA_HOME", root.resolve("jdk").toString());
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static List<String> lines(InputStream stream) throws IOException {
    return new String(stream.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
  }

  record Row(String command, String jdk, Map<String, String> environment, boolean compiles) {
    Row(String command, boolean compiles) {
      this(command, "25.0.3", Map.of(), compiles);
    }

    @Override
    public String toString() {
      return command + " on " + jdk + " with " + environment;
    }
  }

  static List<Row> rows() {
    return List.of(
        new Row("run", true),
        new Row("demo", true),
        new Row("plugins", true),
        new Row("check", false),
        new Row("--help", false),
        new Row("", false),
        new Row("demo", "25", Map.of(), false),
        new Row("demo", "25.0.2", Map.of(), false),
        new Row("demo", "25.0.1.1", Map.of(), false),
        new Row("demo", "25.0.3.1", Map.of(), true),
        new Row("demo", "25.0.10", Map.of(), true),
        new Row("demo", "25.1", Map.of(), true),
        new Row("demo", "25.0.3", Map.of("SIGNALBOX_SCRIPTS", "on"), true),
        new Row("demo", "25.0.3", Map.of("SIGNALBOX_SCRIPTS", "off"), false));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void scriptsAreCompiledWhereTheyRunAndCanBe(Row row) throws Exception {
    isBuilt();
    jdk(row.jdk());
    var words = lines(start(row.environment(), row.command()).getInputStream());

    assertThat(words.subList(0, words.indexOf(MAIN)))
        .contains("--enable-native-access=ALL-UNNAMED")
        .endsWith("-cp", root + "/host/target/classes:" + root + "/host/target/lib/*");
    assertThat(words).endsWith(MAIN, row.command());
    if (row.compiles()) {
      assertThat(words)
          .startsWith(
              "-XX:+UnlockExperimentalVMOptions",
              "-XX:+EnableJVMCI",
              "--upgrade-module-path=" + root + "/host/target/lib/jit");
    } else {
      assertThat(words).noneMatch(word -> word.contains("JVMCI") || word.contains("jit"));
    }
  }

  @Test
  void benchRunsTheBenchmarksOfACheckout() throws Exception {
    script("benchmarks/run", "for word; do echo \"$word\"; done");
    assertThat(lines(start(Map.of(), "bench", "--help").getInputStream()))
        .containsExactly("short", "--help");
  }

  @Test
  void benchWithoutSourcesSaysWhatItNeeds() throws Exception {
    var bench = start(Map.of(), "bench");
    assertThat(lines(bench.getErrorStream()))
        .containsExactly(
            "signalbox: bench runs in a checkout of the sources, and " + root + " is none");
    assertThat(bench.waitFor()).isEqualTo(2);
  }

  @Test
  void withoutTheCompilerScriptsAreInterpreted() throws Exception {
    isBuilt();
    Files.delete(root.resolve("host/target/lib/jit"));

    assertThat(lines(start(Map.of(), "demo").getInputStream()))
        .endsWith(MAIN, "demo")
        .noneMatch(word -> word.contains("JVMCI"));
  }

  @Test
  void whatIsNeitherOnNorOffIsRefused() throws Exception {
    isBuilt();
    var process = start(Map.of("SIGNALBOX_SCRIPTS", "no"), "demo");

    assertThat(lines(process.getErrorStream()))
        .containsExactly("signalbox: SIGNALBOX_SCRIPTS must be on or off, not \"no\"");
    assertThat(process.waitFor()).isEqualTo(2);
  }

  @Test
  void theOptionsOfTheUserComeLast() throws Exception {
    isBuilt();

    assertThat(lines(start(Map.of("SIGNALBOX_JAVA_OPTS", "-Da=b -Xmx1g"), "run").getInputStream()))
        .containsSubsequence("-Xms64m", "-Da=b", "-Xmx1g", "-cp");
  }

  @Test
  void whatIsNewerThanTheBuildIsBuiltOnce() throws Exception {
    assertThat(lines(start(Map.of(), "check").getInputStream())).endsWith(MAIN, "check");
    assertThat(lines(start(Map.of(), "check").getInputStream())).endsWith(MAIN, "check");
    assertThat(root.resolve("builds")).hasContent("run");

    var later = FileTime.from(Instant.now().plusSeconds(60));
    Files.setLastModifiedTime(Files.writeString(root.resolve(".mvn/maven.config"), ""), later);
    assertThat(lines(start(Map.of(), "check").getInputStream())).endsWith(MAIN, "check");
    assertThat(root.resolve("builds")).hasContent("run\nrun");
  }

  @Test
  void aBuildThatFailsStartsNothing() throws Exception {
    script("mvnw", "echo broken >&2; exit 1");
    var process = start(Map.of(), "run");

    assertThat(lines(process.getInputStream())).isEmpty();
    assertThat(lines(process.getErrorStream())).contains("broken");
    assertThat(process.waitFor()).isEqualTo(1);
    assertThat(root.resolve("host/target/signalbox.built")).doesNotExist();
  }

  @Test
  void twoThatStartAtOnceBuildOnce() throws Exception {
    // The second is started only when the first builds, which goes on until the file "go" is there.
    script("mvnw", "echo run >> builds; while ! [ -e go ]; do sleep 0.05; done");
    var first = start(Map.of(), "run");
    Eventually.until(
        Duration.ofSeconds(20), () -> Files.exists(root.resolve("builds")), "the first builds");
    var second = start(Map.of(), "check");
    var waiting = second.errorReader(StandardCharsets.UTF_8).readLine();
    Files.writeString(root.resolve("go"), "");

    assertThat(waiting).isEqualTo("signalbox: waiting for another build");
    assertThat(lines(first.getInputStream())).endsWith(MAIN, "run");
    assertThat(lines(second.getInputStream())).endsWith(MAIN, "check");
    assertThat(root.resolve("builds")).hasContent("run");
  }

  /** Not of the launcher, but of the same options in the build. */
  @Test
  void integrationTestsRunScriptsCompiled() {
    try (var engine = Engine.create()) {
      assertThat(engine.getImplementationName()).isEqualTo("GraalVM CE");
    }
  }
}
