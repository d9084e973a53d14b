package io.signalbox.host.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.plugin.PluginChange.Added;
import io.signalbox.host.plugin.PluginChange.Changed;
import io.signalbox.host.plugin.PluginChange.Problem;
import io.signalbox.host.plugin.PluginChange.Removed;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PluginFolderTest {
  @TempDir private Path home;
  private Path plugins;
  private Instant now = Instant.now();
  private PluginFolder folder;

  @BeforeEach
  void makeTheFolder() throws IOException {
    plugins = Files.createDirectory(home.resolve("plugins"));
    folder = new PluginFolder(plugins, () -> now);
  }

  private Path write(String path, String text) throws IOException {
    var file = plugins.resolve(path);
    Files.createDirectories(file.resolveSibling("."));
    return Files.writeString(file, text);
  }

  private static String show(PluginChange change) {
    return switch (change) {
      case Added(PluginFiles.Script files) -> "+" + files.name() + " " + texts(files);
      case Changed(PluginFiles.Script files) -> "*" + files.name() + " " + texts(files);
      case Added(PluginFiles.Jar files) -> "+" + files.name() + " " + files.digest();
      case Changed(PluginFiles.Jar files) -> "*" + files.name() + " " + files.digest();
      case Removed(String name) -> "-" + name;
      case Problem(String name, String text) -> "!" + name + " " + text;
    };
  }

  private static String texts(PluginFiles.Script script) {
    return script.files().entrySet().stream()
        .map(file -> file.getKey() + "=" + file.getValue().text())
        .collect(Collectors.joining(","));
  }

  private List<String> look() {
    return folder.look().changes().stream().map(PluginFolderTest::show).toList();
  }

  /** A change counts when two looks in a row find it. */
  private List<String> lookTwice() {
    var first = folder.look();
    assertThat(first.changes()).isEmpty();
    assertThat(first.settled()).isFalse();
    var second = look();
    assertThat(look()).isEmpty();
    return second;
  }

  /** A file of this name, and the name of the plugin it is; empty for none. */
  record Row(String file, String plugin) {
    @Override
    public String toString() {
      return file + " is " + (plugin.isEmpty() ? "no plugin" : plugin);
    }
  }

  static List<Row> rows() {
    return List.of(
        new Row("cheapest.js", "cheapest"),
        new Row("cheapest.mjs", "cheapest"),
        new Row("cheapest_queue.py", "cheapest_queue"),
        new Row("Cheapest-2.queue.py", "Cheapest-2.queue"),
        new Row("x".repeat(64) + ".js", "x".repeat(64)),
        new Row("folder/main.js", "folder"),
        new Row("folder/main.mjs", "folder"),
        new Row("folder.d/main.py", "folder.d"),
        new Row("main.js", "main"),
        new Row("x.test.js", "x.test"),
        new Row("4913", ""),
        new Row(".hidden.js", ""),
        new Row(".cheapest.js.swp", ""),
        new Row(".#cheapest.js", ""),
        new Row("#cheapest.js#", ""),
        new Row("cheapest.js~", ""),
        new Row("cheapest.js.tmp", ""),
        new Row("cheapest.js.part", ""),
        new Row("cheapest.py.crdownload", ""),
        new Row("cheapest.js___jb_tmp___", ""),
        new Row("cheapest.pyc", ""),
        new Row("__pycache__/main.py", ""),
        new Row("..2026_01_01/cheapest.js", ""),
        new Row("..data/main.js", ""),
        new Row(".git/main.js", ""),
        new Row("folder~/main.js", ""),
        new Row("README.md", ""),
        new Row("package.json", ""),
        new Row("signalbox.d.ts", ""),
        new Row("signalbox.pyi", ""),
        new Row("cheapest.JS", ""),
        new Row("cheapest", ""),
        new Row("js", ""),
        new Row("folder/index.js", ""),
        new Row("folder/deeper/main.js", ""));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void theNameSaysWhatAFileIs(Row row) throws IOException {
    write(row.file(), "text");

    if (row.plugin().isEmpty()) {
      var look = folder.look();
      assertThat(look.changes()).isEmpty();
      assertThat(look.settled()).isTrue();
    } else {
      var main = row.file().substring(row.file().indexOf('/') + 1);
      assertThat(lookTwice()).containsExactly("+" + row.plugin() + " " + main + "=text");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "two words.js",
        "a@b.py",
        "a+b.mjs",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.js"
      })
  void aNameThatIsNotAllowedIsAProblem(String file) throws IOException {
    write(file, "text");
    write("good.js", "text");

    assertThat(lookTwice())
        .containsExactlyInAnyOrder(
            "+good good.js=text",
            "!"
                + file
                + " its name is not allowed for a plugin: allowed are A-Z a-z 0-9 . _ -,"
                + " at most 64 characters");
  }

  @Test
  void aNameCannotForgeALineOfTheLog() throws IOException {
    write("a\nb.js", "text");

    assertThat(lookTwice()).singleElement().asString().startsWith("!a?b.js ");
  }

  @Test
  void ofTwoFilesWithOneNameTheFirstInTheAlphabetCounts() throws IOException {
    write("a.py", "python");
    write("a.js", "script");
    assertThat(lookTwice())
        .containsExactly("+a a.js=script", "!a.py is left out: a.js is the plugin a already");

    Files.delete(plugins.resolve("a.js"));
    assertThat(lookTwice()).containsExactly("-a.py", "*a a.py=python");
  }

  @Test
  void aFolderWithTwoMainFilesIsAProblem() throws IOException {
    write("a/main.js", "script");
    write("a/main.py", "python");

    assertThat(lookTwice())
        .containsExactly("!a has [main.js, main.py]: only one of them can be its start");
  }

  @Test
  void aFolderIsReadWhole() throws IOException {
    write("a/main.py", "1");
    write("a/lib/__init__.py", "");
    write("a/lib/rates.json", "2");
    write("a/lib/.rates.json.swp", "3");
    write("a/lib/__pycache__/x.py", "4");
    write("a/README.md", "5");

    assertThat(lookTwice()).containsExactly("+a lib/__init__.py=,lib/rates.json=2,main.py=1");
  }

  @Test
  void aJarIsKnownByItsDigest() throws IOException {
    write("a.jar", "abc");

    assertThat(lookTwice())
        .containsExactly("+a ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }

  @Test
  void aChangedFileCounts() throws IOException {
    write("a.js", "1");
    write("b.js", "1");
    assertThat(lookTwice()).hasSize(2);

    write("a.js", "2");
    assertThat(lookTwice()).containsExactly("*a a.js=2");
  }

  @Test
  void whatIsStillBeingWrittenDoesNotCount() throws IOException {
    write("a.js", "1");
    assertThat(look()).isEmpty();
    write("a.js", "12");
    assertThat(look()).isEmpty();
    write("a.js", "123");

    assertThat(lookTwice()).containsExactly("+a a.js=123");
  }

  @Test
  void theSameTextSavedAgainIsNoChange() throws IOException {
    var file = write("a.js", "1");
    assertThat(lookTwice()).hasSize(1);

    write("a.js", "1");
    Files.setLastModifiedTime(file, FileTime.fromMillis(1));
    var look = folder.look();
    assertThat(look.changes()).isEmpty();
    assertThat(look.settled()).isTrue();
  }

  @Test
  void anEmptyFileSaysNothingYet() throws IOException {
    write("a.js", "");
    assertThat(folder.look().settled()).isTrue();
    write("a.js", "1");
    assertThat(lookTwice()).containsExactly("+a a.js=1");

    write("a.js", "");
    assertThat(look()).isEmpty();
    assertThat(look()).isEmpty();
    write("a.js", "2");
    assertThat(lookTwice()).containsExactly("*a a.js=2");

    write("a.js", "");
    assertThat(look()).isEmpty();
    Files.delete(plugins.resolve("a.js"));
    assertThat(lookTwice()).containsExactly("-a");
  }

  @Test
  void aFileThatIsAwayForAMomentIsNotRemoved() throws IOException {
    var file = write("a.js", "1");
    assertThat(lookTwice()).hasSize(1);

    var backup = Files.move(file, plugins.resolve("a.js~"));
    assertThat(look()).isEmpty();
    Files.move(backup, file);
    assertThat(look()).isEmpty();
    assertThat(look()).isEmpty();
  }

  @Test
  void aRenamedFileIsRemovedFirst() throws IOException {
    var file = write("a.js", "1");
    assertThat(lookTwice()).hasSize(1);

    Files.move(file, plugins.resolve("b.js"));
    assertThat(lookTwice()).containsExactly("-a", "+b b.js=1");
    Files.move(plugins.resolve("b.js"), plugins.resolve("0.js"));
    assertThat(lookTwice()).containsExactly("-b", "+0 0.js=1");
    Files.move(plugins.resolve("0.js"), plugins.resolve("0.mjs"));
    assertThat(lookTwice()).containsExactly("*0 0.mjs=1");
  }

  @Test
  void aChangeThatKeepsSizeTimeAndIdentityIsSeenWhileTheFileIsFresh() throws IOException {
    var file = write("a.js", "1");
    var time = FileTime.from(now);
    Files.setLastModifiedTime(file, time);
    assertThat(lookTwice()).hasSize(1);

    write("a.js", "2");
    Files.setLastModifiedTime(file, time);
    assertThat(lookTwice()).containsExactly("*a a.js=2");
  }

  @Test
  void anOldFileIsNotReadAgain() throws IOException {
    var file = write("a.js", "1");
    var time = FileTime.from(now.minusSeconds(2));
    Files.setLastModifiedTime(file, time);
    assertThat(lookTwice()).hasSize(1);

    write("a.js", "2");
    Files.setLastModifiedTime(file, time);
    assertThat(look()).isEmpty();
    assertThat(look()).isEmpty();
  }

  @Test
  void aProblemEndsWhenItsReasonDoes() throws IOException {
    var file = write("a.js", "1");
    assertThat(lookTwice()).hasSize(1);

    Files.delete(file);
    Files.createSymbolicLink(file, file);
    assertThat(lookTwice()).singleElement().asString().startsWith("!a a.js cannot be read: ");

    Files.delete(file);
    write("a.js", "1");
    assertThat(lookTwice()).containsExactly("*a a.js=1");
  }

  @Test
  void aProblemThatIsGoneIsRemoved() throws IOException {
    var link = Files.createSymbolicLink(plugins.resolve("a.js"), Path.of("nowhere.js"));
    assertThat(lookTwice()).containsExactly("!a is a link to a file that does not exist");

    Files.delete(link);
    assertThat(lookTwice()).containsExactly("-a");
  }

  @Test
  void aDeviceIsNotRead() throws IOException {
    Files.createSymbolicLink(plugins.resolve("a.js"), Path.of("/dev/zero"));

    assertThat(lookTwice()).containsExactly("!a is neither a file nor a folder");
  }

  @Test
  void linksAreFollowed() throws IOException {
    Files.writeString(home.resolve("elsewhere.js"), "1");
    Files.createDirectory(home.resolve("far"));
    Files.writeString(home.resolve("far/main.py"), "2");
    Files.createSymbolicLink(plugins.resolve("a.js"), home.resolve("elsewhere.js"));
    Files.createSymbolicLink(plugins.resolve("b"), home.resolve("far"));

    assertThat(lookTwice()).containsExactly("+a a.js=1", "+b main.py=2");
  }

  @Test
  void aLinkThatLeadsBackUpIsPassedOver() throws IOException {
    write("a/main.js", "1");
    Files.createSymbolicLink(plugins.resolve("a/again"), plugins.resolve("a"));
    Files.createSymbolicLink(plugins.resolve("a/up"), home);

    assertThat(lookTwice()).containsExactly("+a main.js=1");
  }

  /** A plugin that is too large, and what is said of it. */
  record Large(String name, Making making, String problem) {
    @Override
    public String toString() {
      return name;
    }
  }

  interface Making {
    void in(Path plugins) throws IOException;
  }

  private static void writeBytes(Path file, long bytes) throws IOException {
    try (var written = new RandomAccessFile(file.toFile(), "rw")) {
      written.setLength(bytes);
    }
  }

  static List<Large> large() {
    return List.of(
        new Large(
            "a file",
            plugins -> writeBytes(plugins.resolve("a.js"), (10 << 20) + 1),
            "!a is larger than 10 MiB"),
        new Large(
            "a jar",
            plugins -> writeBytes(plugins.resolve("a.jar"), (100 << 20) + 1),
            "!a is larger than 100 MiB"),
        new Large(
            "many bytes in a folder",
            plugins -> {
              Files.createDirectory(plugins.resolve("a"));
              writeBytes(plugins.resolve("a/main.py"), 5 << 20);
              writeBytes(plugins.resolve("a/x.json"), (5 << 20) + 1);
            },
            "!a is larger than 10 MiB"),
        new Large(
            "many files in a folder",
            plugins -> {
              Files.createDirectory(plugins.resolve("a"));
              Files.writeString(plugins.resolve("a/main.py"), "1");
              for (int i = 0; i < 1_000; i++) {
                Files.createFile(plugins.resolve("a/" + i));
              }
            },
            "!a has more than 1000 files"),
        new Large(
            "a deep folder",
            plugins -> {
              Files.createDirectories(plugins.resolve("a" + "/d".repeat(16)));
              Files.writeString(plugins.resolve("a/main.py"), "1");
            },
            "!a has more than 16 folders in each other"));
  }

  @ParameterizedTest
  @MethodSource("large")
  void overABoundIsAProblemOfThatPluginAlone(Large row) throws IOException {
    row.making().in(plugins);
    write("b.js", "text");

    assertThat(lookTwice()).containsExactly(row.problem(), "+b b.js=text");
  }

  @Test
  void pluginsUpToTheBoundCount() throws IOException {
    for (int i = 0; i < 257; i++) {
      write("p%03d.js".formatted(i), "1");
    }

    assertThat(lookTwice())
        .hasSize(257)
        .contains("+p255 p255.js=1")
        .endsWith("!p256 is left out: at most 256 plugins count");
  }

  @Test
  void aFolderThatDoesNotExistIsEmpty() throws IOException {
    write("a.js", "1");
    assertThat(lookTwice()).containsExactly("+a a.js=1");

    Files.move(plugins, home.resolve("away"));
    assertThat(lookTwice()).containsExactly("-a");
    Files.move(home.resolve("away"), plugins);
    assertThat(lookTwice()).containsExactly("+a a.js=1");
  }

  @Test
  void aFolderThatCannotBeListedLeavesPluginsAsTheyAre() throws IOException {
    write("a.js", "1");
    assertThat(lookTwice()).containsExactly("+a a.js=1");

    Files.move(plugins, home.resolve("away"));
    Files.createFile(plugins);
    assertThat(lookTwice()).containsExactly("!. " + plugins + " cannot be read: it is no folder");

    Files.move(home.resolve("away"), plugins, StandardCopyOption.REPLACE_EXISTING);
    assertThat(lookTwice()).containsExactly("-.");
  }
}
