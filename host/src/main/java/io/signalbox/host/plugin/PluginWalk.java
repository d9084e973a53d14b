package io.signalbox.host.plugin;

import io.signalbox.host.plugin.Sighting.Refused;
import io.signalbox.host.plugin.Sighting.Sighted;
import io.signalbox.host.plugin.Sighting.Stamp;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything in a plugin's folder, through links too. Ends at the first thing that makes the plugin
 * too large or unreadable; a link that leads back up is passed over.
 */
final class PluginWalk implements FileVisitor<Path> {
  private final Path root;
  private final TreeMap<String, Stamp> stamps = new TreeMap<>();
  private final Map<Path, BasicFileAttributes> directories = new LinkedHashMap<>();
  private @Nullable String problem;

  private PluginWalk(Path root) {
    this.root = root;
  }

  static PluginWalk of(Path root) throws IOException {
    var walk = new PluginWalk(root);
    var links = EnumSet.of(FileVisitOption.FOLLOW_LINKS);
    Files.walkFileTree(root, links, PluginBounds.MAX_DEPTH, walk);
    return walk;
  }

  Map<Path, BasicFileAttributes> directories() {
    return directories;
  }

  Sighting sighting(String main) {
    return problem == null
        ? PluginBounds.check(new Sighted(root, main, stamps))
        : new Refused(problem);
  }

  @Override
  public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
    if (!directory.equals(root) && isIgnored(directory)) {
      return FileVisitResult.SKIP_SUBTREE;
    }
    directories.put(directory, attributes);
    return goOnUnless(directories.size() > PluginBounds.MAX_FILES, "has too many folders");
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
    if (isIgnored(file)) {
      return FileVisitResult.CONTINUE;
    }
    if (attributes.isRegularFile()) {
      stamps.put(pathFromRoot(file), Stamp.of(attributes));
    }
    if (attributes.isDirectory()) {
      return goOnUnless(true, "has more than " + PluginBounds.MAX_DEPTH + " folders in each other");
    }
    return goOnUnless(
        stamps.size() > PluginBounds.MAX_FILES,
        "has more than " + PluginBounds.MAX_FILES + " files");
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException reason) {
    boolean nothing =
        reason instanceof FileSystemLoopException || reason instanceof NoSuchFileException;
    return goOnUnless(
        !nothing && !isIgnored(file), PluginBounds.unreadable(pathFromRoot(file), reason));
  }

  @Override
  public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException reason) {
    return reason == null
        ? FileVisitResult.CONTINUE
        : goOnUnless(true, PluginBounds.unreadable(pathFromRoot(directory), reason));
  }

  private FileVisitResult goOnUnless(boolean wrong, String what) {
    if (!wrong) {
      return FileVisitResult.CONTINUE;
    }
    problem = what;
    return FileVisitResult.TERMINATE;
  }

  private static boolean isIgnored(Path path) {
    return FileNames.isIgnored(path.getName(path.getNameCount() - 1).toString());
  }

  private String pathFromRoot(Path path) {
    return root.relativize(path).toString().replace(path.getFileSystem().getSeparator(), "/");
  }
}
