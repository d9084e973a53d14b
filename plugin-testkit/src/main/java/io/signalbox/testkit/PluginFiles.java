package io.signalbox.testkit;

import io.signalbox.host.script.FileContent;
import io.signalbox.host.script.ScriptLanguage;
import io.signalbox.host.script.ScriptSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads a plugin as the host would find it in its plugins folder. */
final class PluginFiles {
  private static final List<String> MAIN_FILES = List.of("main.js", "main.mjs", "main.py");

  private PluginFiles() {}

  static ScriptSource read(Path plugin) {
    try {
      return Files.isDirectory(plugin) ? folder(plugin) : file(plugin);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ScriptSource file(Path file) throws IOException {
    return ScriptSource.of(String.valueOf(file.getFileName()), Files.readString(file));
  }

  private static ScriptSource folder(Path folder) throws IOException {
    var files = new TreeMap<String, FileContent>();
    try (var paths = Files.walk(folder)) {
      for (var path : paths.filter(Files::isRegularFile).toList()) {
        var name = folder.relativize(path).toString().replace('\\', '/');
        files.put(name, FileContent.of(Files.readAllBytes(path)));
      }
    }
    return source(String.valueOf(folder.getFileName()), files);
  }

  private static ScriptSource source(String plugin, Map<String, FileContent> files) {
    var main =
        MAIN_FILES.stream()
            .filter(files::containsKey)
            .findFirst()
            .orElseThrow(() ->
                new IllegalArgumentException(
                    plugin + " has none of " + String.join(", ", MAIN_FILES)));
    return new ScriptSource(plugin, ScriptLanguage.ofFile(main).orElseThrow(), main, files);
  }
}
