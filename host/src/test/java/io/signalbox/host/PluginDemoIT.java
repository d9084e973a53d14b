package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The examples as the demo and the README use them. */
@ExtendWith(BlockedLoops.class)
final class PluginDemoIT {
  private static final Path EXAMPLES = Markdown.ROOT.resolve("plugins-examples");
  private static final String DEMO =
      "routing: {default: \"cheapest-queue;optional, least-request\"}";

  @TempDir private Path base;

  @Test
  void whatIsDroppedInDecidesAndWhatIsDeletedDoesNot() throws Exception {
    var example = Files.readString(EXAMPLES.resolve("javascript/cheapest-queue.mjs"));
    try (var full = new RecordingEngine(0.9);
        var empty = new RecordingEngine(0.1);
        var half = new RecordingEngine(0.5);
        var plugins =
            PluginsOnDisk.start(
                base,
                RunningHost.models(List.of(full.address(), empty.address(), half.address()))
                    + "\n"
                    + DEMO);
        var envoy = EnvoyProcess.start(EnvoyProcess.CURRENT, plugins.host().ports().extProc());
        var load = Load.start(new Client(envoy.port()), 2)) {
      var client = new Client(envoy.port());
      assertThat(targets(client)).hasSizeGreaterThan(1);

      plugins.save("cheapest-queue.mjs", example);
      plugins.await("cheapest-queue", 1);
      assertThat(decided(client)).containsExactly(empty.address());

      plugins.save("cheapest-queue.mjs", example.replace("prefer: \"low\"", "prefer: \"high\""));
      plugins.await("cheapest-queue", 2);
      assertThat(decided(client)).containsExactly(full.address());

      plugins.clear();
      assertThat(targets(client)).hasSizeGreaterThan(1);

      load.stop();
      assertThat(load.failures()).isEmpty();
      assertThat(load.answers()).isPositive();
    }
  }

  /** Where requests go that the plugin decides on; it may be late on a busy machine. */
  private static Set<String> decided(Client client) throws Exception {
    var targets = new HashSet<String>();
    for (int i = 0; i < 20; i++) {
      Eventually.until(
          PluginsOnDisk.LOADING,
          () -> {
            var answer = chat(client);
            boolean decided = Answers.header(answer, "x-signalbox-degraded").isEmpty();
            if (decided) {
              targets.add(Answers.header(answer, "target-pod"));
            }
            return decided;
          },
          "the plugin does not decide");
    }
    return targets;
  }

  /** Where thirty requests go, who has nothing in flight at random. */
  private static Set<String> targets(Client client) {
    var targets = new HashSet<String>();
    for (int i = 0; i < 30; i++) {
      targets.add(Answers.header(chat(client), "target-pod"));
    }
    return targets;
  }

  private static HttpResponse<String> chat(Client client) {
    var answer = client.chat(Bodies.HELLO);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer;
  }

  @Test
  void aRouterOfProductionStackRunsAsItIs() throws Exception {
    try (var engines = Engines.start(2);
        var plugins =
            PluginsOnDisk.start(
                base,
                RunningHost.models(engines.addresses())
                    + "\nrouting: {default: \"least-connections-router;optional;deadline=1s\"}")) {
      Files.copy(
          EXAMPLES.resolve("python/least_connections_router.py"),
          base.resolve("plugins/least_connections_router.py"));
      plugins.await("least_connections_router", "active");
      var client = plugins.host().gateway();
      try (var running = client.chatStream(Bodies.stream("a long one", 4000)).body()) {
        assertThat(running.read()).isNotNegative();
        var busy = plugins.host().inFlight();

        assertThat(busy).isEqualTo(1);
        assertThat(decided(client)).hasSize(1);
      }
    }
  }
}
