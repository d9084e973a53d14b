package io.signalbox.host.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigWatcherTest {
  @TempDir private Path folder;
  private Path file;
  private ConfigWatcher watcher;

  @BeforeEach
  void writeTheFirstText() throws IOException {
    file = Files.writeString(folder.resolve("signalbox.yaml"), "first");
    watcher = new ConfigWatcher(file, "first");
  }

  /** A change counts when two looks in a row find it. */
  private static Optional<String> lookTwice(ConfigWatcher watcher) {
    assertThat(watcher.look()).isEmpty();
    return watcher.look();
  }

  @Test
  void aFileThatIsStillBeingWrittenIsNoChange() throws IOException {
    Files.writeString(file, "sec");
    assertThat(watcher.look()).isEmpty();
    Files.writeString(file, "second");
    assertThat(watcher.look()).isEmpty();
    assertThat(watcher.look()).contains("second");
  }

  @Test
  void whatIsKnownIsNoChange() {
    assertThat(watcher.look()).isEmpty();
  }

  @Test
  void aChangeIsSeenOnce() throws IOException {
    Files.writeString(file, "second");

    assertThat(lookTwice(watcher)).contains("second");
    assertThat(watcher.look()).isEmpty();
  }

  @Test
  void theSameTextWrittenAgainIsNoChange() throws IOException {
    Files.writeString(file, "second");
    Files.writeString(file, "first");

    assertThat(watcher.look()).isEmpty();
  }

  @Test
  void aFileMovedOverItIsSeen() throws IOException {
    var other = Files.writeString(folder.resolve("other.yaml"), "moved");
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);

    assertThat(lookTwice(watcher)).contains("moved");
  }

  @Test
  void aLinkPointedElsewhereIsSeen() throws IOException {
    var link = Files.createSymbolicLink(folder.resolve("link.yaml"), file);
    var linked = new ConfigWatcher(link, "first");
    assertThat(linked.look()).isEmpty();

    Files.delete(link);
    Files.createSymbolicLink(link, Files.writeString(folder.resolve("new.yaml"), "linked"));

    assertThat(lookTwice(linked)).contains("linked");
  }

  @Test
  void aFileThatIsGoneReadsAsNothingAndComesBack() throws IOException {
    Files.delete(file);
    assertThat(lookTwice(watcher)).contains("");
    assertThat(watcher.look()).isEmpty();

    Files.writeString(file, "first");
    assertThat(lookTwice(watcher)).contains("first");
  }

  @Test
  void bytesThatAreNoTextReadAsNothing() throws IOException {
    Files.write(file, new byte[] {(byte) 0xff});

    assertThat(lookTwice(watcher)).contains("");
  }
}
