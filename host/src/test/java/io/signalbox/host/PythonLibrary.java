package io.signalbox.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A library in Python and scripts of ours on it, fetched once into a folder of {@code target}:
 * version, hashes and scripts are in the folder of the same name in {@code src/test/resources}.
 * Where it cannot be had, tests fail in CI and say loudly elsewhere that they did not run.
 */
final class PythonLibrary {
  private final String name;
  private final Path home;

  private PythonLibrary(String name) {
    this.name = name;
    this.home = Path.of("target", name).toAbsolutePath();
  }

  /**
   * The library, fetched where it is not there yet.
   *
   * @param name of its folders
   * @param module what the library is imported as
   */
  static synchronized PythonLibrary of(String name, String module) {
    var library = new PythonLibrary(name);
    try {
      Files.createDirectories(library.home);
      if (!Files.isDirectory(library.home.resolve(module))) {
        Pip.install(library.home, library.copy("requirements.txt"));
      }
    } catch (IOException | InterruptedException e) {
      Pip.missing(name, e);
    }
    return library;
  }

  private Path copy(String file) throws IOException {
    var to = home.resolve(file);
    try (var ours = PythonLibrary.class.getResourceAsStream("/" + name + "/" + file)) {
      Files.copy(Objects.requireNonNull(ours, file), to, StandardCopyOption.REPLACE_EXISTING);
    }
    return to;
  }

  /** A script that imports the library, not started yet; what it complains of is shown. */
  ProcessBuilder script(String file, String... arguments) throws IOException {
    var command = new ArrayList<>(List.of("python3", copy(file).toString()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("PYTHONPATH", home.toString());
    return builder;
  }
}
