package io.signalbox.host.plugin;

import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** What a look at the folder saw under one name, without reading it. */
sealed interface Sighting {
  /**
   * A plugin.
   *
   * @param root the folder that holds its files
   * @param main its main file, or the jar
   * @param stamps of all its files, by path from the root
   */
  record Sighted(Path root, String main, SortedMap<String, Stamp> stamps) implements Sighting {
    /** Editors empty a file before they write it: an empty main file says nothing yet. */
    boolean isBlank() {
      var stamp = stamps.get(main);
      return stamp == null || stamp.bytes() == 0;
    }

    boolean isJar() {
      return main.endsWith(FileNames.JAR);
    }

    /**
     * Whether a file was written so short a time before {@code now} that the next change may leave
     * its stamp as it is. Two seconds is the coarsest clock of a file system in use (FAT).
     */
    boolean isFresh(Instant now) {
      return stamps.values().stream()
          .map(stamp -> Duration.between(stamp.modified().toInstant(), now).abs())
          .anyMatch(age -> age.toSeconds() < 2);
    }
  }

  /** Something that cannot be a plugin. */
  record Refused(String problem) implements Sighting {}

  /**
   * What tells versions of a file apart without reading it.
   *
   * @param key the file's identity; absent where the file system knows none
   */
  record Stamp(long bytes, FileTime modified, @Nullable Object key) {
    static Stamp of(BasicFileAttributes attributes) {
      return new Stamp(attributes.size(), attributes.lastModifiedTime(), attributes.fileKey());
    }
  }
}
