package io.signalbox.host.plugin;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The plugins folder as something that is written to. Blocks. */
record ScriptFolder(Path folder) {
  /** The entries that are, or could be, the plugin of this name; in alphabetical order. */
  List<Path> entries(String plugin) throws IOException {
    var entries = new ArrayList<Path>();
    try (var all = Files.newDirectoryStream(folder, path -> isOf(plugin, path))) {
      all.forEach(entries::add);
    } catch (NoSuchFileException e) {
      return List.of();
    }
    entries.sort(null);
    return entries;
  }

  private static boolean isOf(String plugin, Path path) {
    var fileName = name(path);
    if (FileNames.isIgnored(fileName)) {
      return false;
    }
    return Files.isDirectory(path)
        ? fileName.equals(plugin)
            && FileNames.MAINS.stream().anyMatch(main -> Files.exists(path.resolve(main)))
        : FileNames.pluginOf(fileName).filter(plugin::equals).isPresent();
  }

  static String name(Path path) {
    return path.getName(path.getNameCount() - 1).toString();
  }

  /** Writes a file whole or not at all: nobody sees half of it. */
  void write(String fileName, byte[] content) throws IOException {
    Files.createDirectories(folder);
    // Hidden, so it is no plugin.
    var next = folder.resolve("." + fileName + "." + UUID.randomUUID() + ".tmp");
    try {
      Files.write(next, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.SYNC);
      Files.move(
          next,
          folder.resolve(fileName),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(next);
    }
  }

  /** Deletes an entry: a file, a link but not what it leads to, or a folder with all in it. */
  static void delete(Path entry) throws IOException {
    if (!Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(entry);
      return;
    }
    Files.walkFileTree(
        entry,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException problem)
              throws IOException {
            if (problem != null) {
              throw problem;
            }
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
