package io.signalbox.host.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.plugin.PluginChange.Added;
import io.signalbox.host.plugin.PluginChange.Changed;
import io.signalbox.host.plugin.PluginChange.Problem;
import io.signalbox.host.plugin.PluginChange.Removed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folder as editors, deployments and people change it, and what is told of it. */
class FolderWatcherIT {
  @TempDir private Path home;
  private Path plugins;
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private FolderWatcher watcher;

  @BeforeEach
  void follow() throws Exception {
    plugins = Files.createDirectory(home.resolve("plugins"));
    watcher = new FolderWatcher(plugins, changes -> changes.forEach(c -> told.add(show(c))));
    Files.writeString(plugins.resolve("a.js"), "1");
    watcher.look();
    assertThat(told.poll()).isEqualTo("+a 1");
    watcher.start();
  }

  @AfterEach
  void close() {
    watcher.close();
  }

  private static String show(PluginChange change) {
    return switch (change) {
      case Added(var files) -> "+" + files.name() + " " + text(files);
      case Changed(var files) -> "*" + files.name() + " " + text(files);
      case Removed(var name) -> "-" + name;
      case Problem(var name, var text) -> "!" + name + " " + text;
    };
  }

  /** The text of the main file, or how long it is, and those of the others. */
  private static String text(PluginFiles files) {
    return switch (files) {
      case PluginFiles.Script script -> {
        var texts = new StringJoiner(" ");
        var main = Objects.requireNonNull(script.files().get(script.main()));
        texts.add(main.size() > 100 ? main.size() + " bytes" : main.text());
        var others = new TreeMap<>(script.files());
        others.remove(script.main());
        others.forEach((path, content) -> texts.add(path + "=" + content.text()));
        yield texts.toString();
      }
      case PluginFiles.Jar jar -> jar.digest();
    };
  }

  private String next() throws InterruptedException {
    return Objects.requireNonNull(told.poll(20, TimeUnit.SECONDS), "nothing was told within 20 s");
  }

  /** Everything that is told until all of these were. */
  private List<String> until(String... all) throws InterruptedException {
    var changes = new ArrayList<String>();
    do {
      changes.add(next());
    } while (!changes.containsAll(List.of(all)));
    return changes;
  }

  /** Waits for the first change that ends so, whatever it is: what was there before may differ. */
  private void untilEnd(String end) throws InterruptedException {
    while (!next().endsWith(end)) {
      // not yet
    }
  }

  @Test
  void newChangedRenamedDeleted() throws Exception {
    var file = Files.writeString(plugins.resolve("b.py"), "1");
    assertThat(next()).isEqualTo("+b 1");
    Files.writeString(file, "2");
    assertThat(next()).isEqualTo("*b 2");
    var renamed = Files.move(file, plugins.resolve("0.py"));
    assertThat(next()).isEqualTo("-b");
    assertThat(next()).isEqualTo("+0 2");
    Files.delete(renamed);
    assertThat(next()).isEqualTo("-0");
  }

  @Test
  void anAtomicReplaceIsOneChange() throws Exception {
    for (int i = 2; i < 12; i++) {
      var temporary = Files.writeString(plugins.resolve("a.js.tmp"), "" + i);
      Files.move(
          temporary,
          plugins.resolve("a.js"),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      assertThat(next()).isEqualTo("*a " + i);
    }
  }

  /** As vim does it: the old file is moved away, and a new one written. */
  @Test
  void aBackupIsOneChange() throws Exception {
    var file = plugins.resolve("a.js");
    Files.delete(Files.createFile(plugins.resolve("4913")));
    Files.move(file, plugins.resolve("a.js~"));
    Files.writeString(file, "2");
    Files.delete(plugins.resolve("a.js~"));

    assertThat(next()).isEqualTo("*a 2");
  }

  @Test
  void aBurstOfSavesIsTheLastOfThem() throws Exception {
    for (int i = 1; i <= 100; i++) {
      Files.writeString(plugins.resolve("a.js"), "save " + i);
    }

    assertThat(until("*a save 100")).hasSizeLessThan(10);
  }

  @Test
  void aLargeFileCountsWhenItIsWhole() throws Exception {
    var piece = "x".repeat(1 << 16);
    try (var out = Files.newBufferedWriter(plugins.resolve("b.js"), StandardOpenOption.CREATE)) {
      for (int i = 0; i < 100; i++) {
        out.write(piece);
        out.flush();
      }
    }

    untilEnd("b " + (100 << 16) + " bytes");
    assertThat(told).isEmpty();
  }

  /** A volume of a config map: the files are links through {@code ..data}, which is replaced. */
  @Test
  void aConfigMapIsSwapped() throws Exception {
    var first = Files.createDirectory(plugins.resolve("..2026_01_01_00_00_00.1"));
    Files.writeString(first.resolve("b.py"), "1");
    Files.writeString(first.resolve("c.py"), "1");
    Files.createSymbolicLink(plugins.resolve("..data"), first.getFileName());
    Files.createSymbolicLink(plugins.resolve("b.py"), Path.of("..data/b.py"));
    Files.createSymbolicLink(plugins.resolve("c.py"), Path.of("..data/c.py"));
    assertThat(List.of(next(), next())).containsExactlyInAnyOrder("+b 1", "+c 1");

    var second = Files.createDirectory(plugins.resolve("..2026_01_02_00_00_00.2"));
    Files.writeString(second.resolve("b.py"), "2");
    Files.writeString(second.resolve("d.py"), "1");
    Files.createSymbolicLink(plugins.resolve("..data_tmp"), second.getFileName());
    Files.move(
        plugins.resolve("..data_tmp"), plugins.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    Files.createSymbolicLink(plugins.resolve("d.py"), Path.of("..data/d.py"));
    Files.delete(plugins.resolve("c.py"));
    Files.delete(first.resolve("b.py"));
    Files.delete(first.resolve("c.py"));
    Files.delete(first);

    assertThat(until("-c", "*b 2", "+d 1")).doesNotContain("-b", "*b 1");
  }

  @Test
  void aFileDeepInAFolderCounts() throws Exception {
    var main = plugins.resolve("b/main.py");
    Files.createDirectory(plugins.resolve("b"));
    Files.writeString(main, "1");
    assertThat(next()).isEqualTo("+b 1");

    Files.createDirectories(plugins.resolve("b/lib/deep"));
    Files.writeString(plugins.resolve("b/lib/deep/x.py"), "1");
    untilEnd("b 1 lib/deep/x.py=1");
    Files.writeString(plugins.resolve("b/lib/deep/x.py"), "2");
    untilEnd("b 1 lib/deep/x.py=2");
    Files.writeString(main, "2");
    assertThat(next()).isEqualTo("*b 2 lib/deep/x.py=2");
    Files.delete(main);
    assertThat(next()).isEqualTo("-b");
  }

  @Test
  void whatLinksPointToIsFollowed() throws Exception {
    var far = Files.createDirectory(home.resolve("far"));
    Files.writeString(far.resolve("main.js"), "1");
    var farFile = Files.writeString(home.resolve("far.js"), "1");
    Files.createSymbolicLink(plugins.resolve("b"), far);
    Files.createSymbolicLink(plugins.resolve("c.js"), farFile);
    assertThat(List.of(next(), next())).containsExactlyInAnyOrder("+b 1", "+c 1");

    Files.writeString(far.resolve("main.js"), "2");
    assertThat(next()).isEqualTo("*b 2");
    Files.writeString(farFile, "2");
    assertThat(next()).isEqualTo("*c 2");
  }

  @Test
  void theFolderMayGoAndComeBack() throws Exception {
    Files.delete(plugins.resolve("a.js"));
    Files.delete(plugins);
    assertThat(next()).isEqualTo("-a");

    Files.createDirectory(plugins);
    Files.writeString(plugins.resolve("a.js"), "2");
    assertThat(next()).isEqualTo("+a 2");
    Files.writeString(plugins.resolve("a.js"), "3");
    assertThat(next()).isEqualTo("*a 3");
  }

  @Test
  void theFolderMayBeALinkPointedElsewhere() throws Exception {
    var other = Files.createDirectory(home.resolve("other"));
    Files.writeString(other.resolve("a.js"), "2");
    Files.move(plugins, home.resolve("first"));
    Files.createSymbolicLink(plugins, other);
    untilEnd("a 2");

    Files.writeString(other.resolve("a.js"), "3");
    assertThat(next()).isEqualTo("*a 3");
  }

  @Test
  void theFolderMayComeLater() throws Exception {
    var later = home.resolve("not/yet/there");
    try (var waiting =
        new FolderWatcher(later, changes -> changes.forEach(c -> told.add(show(c))))) {
      waiting.look();
      waiting.start();
      assertThat(told).isEmpty();

      Files.createDirectories(later);
      Files.writeString(later.resolve("b.js"), "1");
      assertThat(next()).isEqualTo("+b 1");
    }
  }

  @Test
  void aProblemIsToldAndItsEnd() throws Exception {
    var link = Files.createSymbolicLink(plugins.resolve("b.js"), Path.of("b.js"));
    assertThat(next()).startsWith("!b b.js cannot be read: ");
    Files.delete(link);
    assertThat(next()).isEqualTo("-b");
  }

  @Test
  void aListenerThatFailsIsToldTheNextChange() throws Exception {
    var failing = Files.createDirectory(home.resolve("failing"));
    try (var follower =
        new FolderWatcher(
            failing,
            changes -> {
              changes.forEach(c -> told.add(show(c)));
              throw new IllegalStateException("on purpose");
            })) {
      follower.start();
      Files.writeString(failing.resolve("b.js"), "1");
      assertThat(next()).isEqualTo("+b 1");
      Files.writeString(failing.resolve("b.js"), "2");
      assertThat(next()).isEqualTo("*b 2");
    }
  }

  @Test
  void nothingIsToldOnceItIsClosed() throws IOException {
    watcher.close();
    Files.writeString(plugins.resolve("a.js"), "2");

    assertThat(
            Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter("plugins-folder"::equals))
        .isEmpty();
    assertThat(told).isEmpty();
  }
}
