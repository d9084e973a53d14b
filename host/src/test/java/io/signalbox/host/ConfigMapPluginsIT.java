package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A plugins folder that Kubernetes mounts from a config map: files are links through {@code
 * ..data}, a link to the folder of one version of all of them, and a change swaps that link.
 */
final class ConfigMapPluginsIT {
  @TempDir private Path base;
  private Engines engines;
  private PluginsOnDisk plugins;
  private int versions;

  @BeforeEach
  void start() throws Exception {
    engines = Engines.start(2);
    plugins =
        PluginsOnDisk.start(
            base,
            RunningHost.models(engines.addresses())
                + "\nrouting: {default: \"by-map;optional;deadline=10s, least-request\"}");
  }

  @AfterEach
  void stop() {
    plugins.close();
    engines.close();
  }

  /** What the kubelet does when a config map changes. */
  private void publish(String text) throws IOException {
    var volume = base.resolve("plugins");
    var version = Files.createDirectory(volume.resolve("..version_" + versions++));
    Files.writeString(version.resolve("by-map.mjs"), text);
    var link = Files.createSymbolicLink(volume.resolve("..data_tmp"), version.getFileName());
    Files.move(link, volume.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    var file = volume.resolve("by-map.mjs");
    if (!Files.isSymbolicLink(file)) {
      Files.createSymbolicLink(file, Path.of("..data", "by-map.mjs"));
    }
    if (versions > 1) {
      var before = volume.resolve("..version_" + (versions - 2));
      Files.delete(before.resolve("by-map.mjs"));
      Files.delete(before);
    }
  }

  /** A plugin that prefers one engine. */
  private String preferring(int engine) {
    return """
    export const strategy = { name: "by-map", kind: "scorer", prefer: "low" };
    export const score = (request, endpoint) => (endpoint.address === "%s" ? 0 : 1);
    """
        .formatted(engines.addresses().get(engine));
  }

  /** Asks until the plugin decides, and for this engine. */
  private void awaitTarget(Client client, int engine) throws Exception {
    Eventually.until(
        PluginsOnDisk.LOADING,
        () -> {
          var answer = client.chat(Bodies.HELLO);
          return Answers.header(answer, "x-signalbox-degraded").isEmpty()
              && Answers.header(answer, "target-pod").equals(engines.get(engine).address());
        },
        () -> "engine " + engine + " is not chosen: " + plugins.status("by-map"));
  }

  @Test
  void aSwapOfTheMapTakesOverWithoutAFailedRequest() throws Exception {
    var client = new Client(plugins.host().ports().gateway());
    publish(preferring(0));
    plugins.await("by-map", 1);
    awaitTarget(client, 0);

    try (var load = Load.start(client, 2)) {
      publish(preferring(1));
      plugins.await("by-map", 2);
      awaitTarget(client, 1);

      // One that is broken leaves the version before, and shows.
      publish("export const strategy = {");
      plugins.await("by-map", "rejected");
      awaitTarget(client, 1);
      load.stop();

      assertThat(load.failures()).isEmpty();
      assertThat(load.answers()).isPositive();
    }
    var page =
        new JsonObject(new Client(plugins.host().ports().admin()).get("/plugins/by-map").body());
    assertThat(states(page)).containsExactly("rejected", "active", "retired");
    assertThat(page.getString("problem")).startsWith("by-map.mjs:");
  }

  /** Of the versions on an admin page, the newest first. */
  private static List<String> states(JsonObject page) {
    return page.getJsonArray("versions").stream()
        .map(version -> ((JsonObject) version).getString("state"))
        .toList();
  }
}
