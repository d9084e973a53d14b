package io.signalbox.host;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

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
        library.fetch();
      }
    } catch (IOException | InterruptedException e) {
      missing(name, e);
    }
    return library;
  }

  private static void missing(String name, Exception cause) {
    var message = name + " could not be fetched, so its tests did not run: " + cause;
    if ("true".equals(System.getenv("CI"))) {
      throw new AssertionError(message, cause);
    }
    System.err.println("\n" + "!".repeat(100) + "\n" + message + "\n" + "!".repeat(100) + "\n");
    abort(message);
  }

  private Path copy(String file) throws IOException {
    var to = home.resolve(file);
    try (var ours = PythonLibrary.class.getResourceAsStream("/" + name + "/" + file)) {
      Files.copy(Objects.requireNonNull(ours, file), to, StandardCopyOption.REPLACE_EXISTING);
    }
    return to;
  }

  private void fetch() throws IOException, InterruptedException {
    var pip =
        new ProcessBuilder(
                "python3",
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--root-user-action=ignore",
                "--no-deps",
                "--no-compile",
                "--only-binary=:all:",
                "--require-hashes",
                "--target",
                home.toString(),
                "--requirement",
                copy("requirements.txt").toString())
            .inheritIO()
            .start();
    if (!pip.waitFor(5, TimeUnit.MINUTES) || pip.exitValue() != 0) {
      pip.destroyForcibly();
      throw new IOException("pip install failed");
    }
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
