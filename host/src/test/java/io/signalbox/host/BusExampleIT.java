package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.config.ConfigProblems;
import io.signalbox.host.config.ConfigReader;
import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.HostResolver;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.endpoint.EndpointRegistry;
import io.signalbox.host.signals.FleetSnapshot;
import io.signalbox.host.signals.Sample;
import io.signalbox.host.signals.SampleTable;
import io.signalbox.sdk.Signal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example application joins the event bus and serves a stage. */
class BusExampleIT {
  private static final Path EXAMPLE = Markdown.ROOT.resolve("plugins-examples/bus/ByPrice.java");

  /** A request that is not priced, one that waits for others, and one that is neither. */
  private static final Map<String, Double> WAITING =
      Map.of("10.0.0.1", 0.0, "10.0.0.2", 9.0, "10.0.0.3", 1.0);

  private static FleetSnapshot fleet() {
    var endpoints = WAITING.keySet().stream().map(ip -> new EndpointAddress(ip, ip, 8000)).toList();
    var fleet = new EndpointRegistry().apply(List.of(new ModelConfig("m", "vllm", endpoints)));
    var samples = new SampleTable();
    WAITING.forEach(
        (ip, requests) -> samples.put(ip + ":8000", Signal.WAITING, new Sample(requests, 0)));
    return samples.snapshot(fleet, 0, 0);
  }

  @Test
  void itServesTheStageOfTheDocumentation(@TempDir Path folder) throws Exception {
    var prices = folder.resolve("prices.json");
    Files.writeString(prices, "{\"10.0.0.2:8000\": 1, \"10.0.0.3:8000\": 2.5}");
    int port = FreePort.find();
    var cluster = ServingStages.member(port);
    var member = "127.0.0.1:" + port;
    try (var _ =
        JavaProcess.start(
            List.of(EXAMPLE.toString(), "127.0.0.1", member, prices.toString()),
            "serving by-price")) {
      var yaml = Markdown.page("docs/event-bus.md").section("Configuration").blocks("yaml");
      var configuration =
          ConfigReader.read(
              yaml.getFirst() + "\nmodels: [{name: m}]", HostResolver.SYSTEM, new ConfigProblems());
      var byPrice = new KnownStrategies().strategies(configuration).find("by-price").orElseThrow();
      var router = new LoopRouter(cluster, List.of(byPrice));

      Eventually.until(
          Duration.ofSeconds(30),
          () -> choice(router).equals("10.0.0.3 "),
          "the stage does not decide: " + choice(router));
      assertThat(choice(router)).isEqualTo("10.0.0.3 ");
    } finally {
      Eventually.result(cluster.close());
    }
  }

  private static String choice(LoopRouter router) {
    var request = LoopRouter.request("by-price;deadline=1s", 10);
    var picked = (Picked) Eventually.result(router.route(fleet(), request));
    return picked.endpoint().host() + " " + picked.degraded().orElse("");
  }
}
