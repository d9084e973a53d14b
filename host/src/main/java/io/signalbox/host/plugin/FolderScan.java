package io.signalbox.host.plugin;

import io.signalbox.host.plugin.Sighting.Refused;
import io.signalbox.host.plugin.Sighting.Sighted;
import io.signalbox.host.plugin.Sighting.Stamp;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One look at the folder, without reading a file: what is there under which name, and which
 * directories it is made of.
 */
final class FolderScan {
  static final int MAX_PLUGINS = 256;
  static final int MAX_DIRECTORIES = 512;

  /** A folder with more than this is no plugins folder. */
  static final int MAX_ENTRIES = 10_000;

  private final SortedMap<String, Sighting> sightings = new TreeMap<>();
  private final Map<Object, Path> directories = new HashMap<>();
  private final Map<String, String> takenBy = new HashMap<>();
  private final Path folder;

  private FolderScan(Path folder) {
    this.folder = folder;
  }

  /**
   * Looks at the folder; one that does not exist is empty.
   *
   * @throws IOException when it cannot be listed
   */
  static FolderScan of(Path folder) throws IOException {
    var scan = new FolderScan(folder);
    try {
      var attributes = Files.readAttributes(folder, BasicFileAttributes.class);
      scan.directory(folder, attributes);
      for (var path : entries(folder)) {
        scan.entry(path);
      }
      return scan;
    } catch (NoSuchFileException e) {
      return new FolderScan(folder);
    }
  }

  /** The same, of what lies at one path. */
  static FolderScan of(Path folder, String fileName) {
    var scan = new FolderScan(folder);
    scan.entry(folder.resolve(fileName));
    return scan;
  }

  /** By the name of the plugin, or the file name of what cannot be one. */
  SortedMap<String, Sighting> sightings() {
    return Collections.unmodifiableSortedMap(sightings);
  }

  /** Where changes can come from, by identity; at most {@link #MAX_DIRECTORIES}. */
  Map<Object, Path> directories() {
    return Collections.unmodifiableMap(directories);
  }

  /** In alphabetical order, which decides who of two with one name counts. */
  private static List<Path> entries(Path folder) throws IOException {
    var paths = new ArrayList<Path>();
    try (var stream = Files.newDirectoryStream(folder)) {
      for (var path : stream) {
        if (paths.size() == MAX_ENTRIES) {
          throw new FileSystemException(
              folder.toString(), null, "more than " + MAX_ENTRIES + " files are in it");
        }
        paths.add(path);
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    Collections.sort(paths);
    return paths;
  }

  private void entry(Path path) {
    var fileName = fileName(path);
    if (FileNames.isIgnored(fileName)) {
      return;
    }
    try {
      var attributes = Files.readAttributes(path, BasicFileAttributes.class);
      if (attributes.isDirectory()) {
        folderPlugin(path, attributes);
      } else {
        FileNames.pluginOf(fileName)
            .ifPresent(name -> take(name, fileName, file(fileName, attributes)));
      }
    } catch (IOException e) {
      unreadable(path, e);
    }
  }

  private static String fileName(Path path) {
    return path.getName(path.getNameCount() - 1).toString();
  }

  private Sighting file(String fileName, BasicFileAttributes attributes) {
    if (!attributes.isRegularFile()) {
      return new Refused("is neither a file nor a folder");
    }
    var stamps = new TreeMap<>(Map.of(fileName, Stamp.of(attributes)));
    return PluginBounds.check(new Sighted(folder, fileName, stamps));
  }

  /** A folder without a main file is no plugin, but may become one. */
  private void folderPlugin(Path path, BasicFileAttributes attributes) throws IOException {
    directory(path, attributes);
    var mains = FileNames.MAINS.stream().filter(main -> Files.exists(path.resolve(main))).toList();
    if (mains.isEmpty()) {
      return;
    }
    var fileName = fileName(path);
    if (mains.size() > 1) {
      take(fileName, fileName, new Refused("has " + mains + ": only one of them can be its start"));
      return;
    }
    var walk = PluginWalk.of(path);
    walk.directories().forEach(this::directory);
    take(fileName, fileName, walk.sighting(mains.getFirst()));
  }

  private void directory(Path path, BasicFileAttributes attributes) {
    if (directories.size() < MAX_DIRECTORIES) {
      var key = attributes.fileKey();
      directories.putIfAbsent(key == null ? path : key, path);
    }
  }

  private void take(String name, String fileName, Sighting sighting) {
    if (!FileNames.isAllowed(name)) {
      refuse(fileName, "its name is not allowed for a plugin: " + FileNames.ALLOWED);
      return;
    }
    var first = takenBy.putIfAbsent(name, fileName);
    if (first != null) {
      refuse(fileName, "is left out: " + first + " is the plugin " + name + " already");
    } else if (takenBy.size() > MAX_PLUGINS) {
      sightings.put(name, new Refused("is left out: at most " + MAX_PLUGINS + " plugins count"));
    } else {
      sightings.put(name, sighting);
    }
  }

  private void refuse(String fileName, String problem) {
    sightings.putIfAbsent(FileNames.printable(fileName), new Refused(problem));
  }

  /** Only what would be a plugin is worth a word; what went away since it was listed is not. */
  private void unreadable(Path path, IOException reason) {
    var fileName = fileName(path);
    var name = FileNames.pluginOf(fileName);
    if (name.isEmpty()) {
      return;
    }
    if (!(reason instanceof NoSuchFileException)) {
      take(name.get(), fileName, new Refused(PluginBounds.unreadable(fileName, reason)));
    } else if (Files.isSymbolicLink(path)) {
      take(name.get(), fileName, new Refused("is a link to a file that does not exist"));
    }
  }
}
