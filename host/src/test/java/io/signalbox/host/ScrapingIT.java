package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Pages of engines that hang, restart, lie, or never end, over real sockets. */
@ExtendWith(BlockedLoops.class)
class ScrapingIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final double UNKNOWN = Double.NaN;

  private final PageEngine engine = new PageEngine();
  private final PageEngine other = new PageEngine().page(page(1, 100));

  private static String page(double waiting, double tokens) {
    return """
    # TYPE vllm:num_requests_waiting gauge
    vllm:num_requests_waiting{model_name="demo-model"} %s
    vllm:kv_cache_usage_perc{model_name="demo-model"} 0.5
    vllm:generation_tokens_total{model_name="demo-model"} %s
    """
        .formatted(waiting, tokens);
  }

  private RunningHost host(Map<String, String> replacements) {
    return RunningHost.start(
        RunningHost.Ports.free(),
        RunningHost.models(List.of(engine.address(), other.address())),
        replacements);
  }

  private RunningHost host() {
    return host(Map.of());
  }

  @Test
  void aPageThatFreezesWhileItsEngineWorksIsNotBelieved() throws Exception {
    engine.page(page(3, 1_000));
    try (engine;
        other;
        var host = host()) {
      var endpoints = new EndpointsPage(host);
      endpoints.await(engine.address(), "waiting", 3);
      for (int i = 0; i < 20; i++) {
        assertThat(host.gateway().chat(Bodies.HELLO).statusCode()).isEqualTo(200);
      }
      endpoints.await(engine.address(), "waiting", UNKNOWN);
      assertThat(host.meter("signalbox_scrapes_total", "frozen")).isPositive();
      assertThat(endpoints.availability(engine.address())).isEqualTo("ready");

      engine.page(page(4, 1_001));
      endpoints.await(engine.address(), "waiting", 4);
    }
  }

  @Test
  void countersThatJumpBackGoOnGrowing() throws Exception {
    var tokens = new double[] {1e9};
    engine.page(request -> request.response().end(page(3, tokens[0] += 10)));
    try (engine;
        other;
        var host = host()) {
      var endpoints = new EndpointsPage(host);
      Eventually.until(
          PATIENCE,
          () -> endpoints.signal(engine.address(), "outputTokensPerSecond") > 0,
          "no rate");
      tokens[0] = 0;
      int readings = engine.readings();
      Eventually.until(PATIENCE, () -> engine.readings() > readings + 5, "not read");

      assertThat(endpoints.signal(engine.address(), "outputTokensPerSecond")).isBetween(0.0, 1e4);
    }
  }

  @Test
  void whatCannotBeIsNotBelieved() throws Exception {
    engine.page(page(3, 1));
    try (engine;
        other;
        var host = host()) {
      var endpoints = new EndpointsPage(host);
      endpoints.await(engine.address(), "waiting", 3);

      engine.page(
          "vllm:num_requests_waiting -3\nvllm:kv_cache_usage_perc 57\nvllm:num_requests_running NaN\nvllm:cpu_cache_usage_perc 0.25\n");
      endpoints.await(engine.address(), "cpuCacheUsage", 0.25);
      endpoints.await(engine.address(), "waiting", UNKNOWN);
      endpoints.await(engine.address(), "kvCacheUsage", UNKNOWN);
      assertThat(endpoints.signal(engine.address(), "running")).isNaN();
    }
  }

  @Test
  void aPageOfAHundredMegabytesIsGivenUp() throws Exception {
    var piece = Buffer.buffer("# nothing to see here\n".repeat(50_000));
    engine.page(request -> PageEngine.stream(request, piece, 100));
    try (engine;
        other;
        var host = host()) {
      var endpoints = new EndpointsPage(host);
      Eventually.until(
          PATIENCE,
          () -> host.meter("signalbox_scrapes_total", "failure") >= 2,
          "it is not given up");
      endpoints.await(other.address(), "waiting", 1);
      assertThat(endpoints.availability(engine.address())).isEqualTo("ready");

      engine.page(page(5, 1));
      endpoints.await(engine.address(), "waiting", 5);
    }
  }

  @Test
  void compressedPagesAreRead() throws Exception {
    engine.page(page(3, 1));
    other.page(request -> compressed(request, page(7, 1).getBytes(StandardCharsets.UTF_8)));
    try (engine;
        other;
        var host = host(Map.of("idle-scrape", "compressed: true, idle-scrape"))) {
      var endpoints = new EndpointsPage(host);
      endpoints.await(engine.address(), "waiting", 3);
      endpoints.await(other.address(), "waiting", 7);
    }
  }

  @Test
  void aSmallAnswerThatIsAHugePageIsGivenUp() throws Exception {
    engine.page(request -> compressed(request, new byte[64 * 1024 * 1024]));
    try (engine;
        other;
        var host = host()) {
      Eventually.until(
          PATIENCE,
          () -> host.meter("signalbox_scrapes_total", "failure") >= 2,
          "it is not given up");
      new EndpointsPage(host).await(other.address(), "waiting", 1);
    }
  }

  private static void compressed(HttpServerRequest request, byte[] page) {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(page);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    request
        .response()
        .putHeader("content-encoding", "gzip")
        .end(Buffer.buffer(bytes.toByteArray()));
  }

  @Test
  void anEngineThatComesBackIsACandidateAgain() throws Exception {
    engine.page(page(3, 1));
    try (engine;
        other;
        var host = host()) {
      var endpoints = new EndpointsPage(host);
      endpoints.await(engine.address(), "waiting", 3);
      var back = engine.away();
      endpoints.awaitAvailability(engine.address(), "unreachable");
      endpoints.await(engine.address(), "waiting", UNKNOWN);

      engine.page(page(6, 0));
      back.run();

      endpoints.awaitAvailability(engine.address(), "ready");
      endpoints.await(engine.address(), "waiting", 6);
    }
  }

  @Test
  void anEngineThatSleepsGetsNoRequests() throws Exception {
    var awake = "vllm:engine_sleep_state{engine=\"0\",sleep_state=\"awake\"} %d\n";
    engine.page(awake.formatted(0) + page(0, 1));
    try (engine;
        other;
        var host = host()) {
      var endpoints = new EndpointsPage(host);
      endpoints.awaitAvailability(engine.address(), "sleeping");
      for (int i = 0; i < 10; i++) {
        assertThat(host.gateway().chat(Bodies.HELLO).statusCode()).isEqualTo(200);
      }
      assertThat(engine.answers()).isZero();

      engine.page(awake.formatted(1) + page(0, 1));
      endpoints.awaitAvailability(engine.address(), "ready");
    }
  }

  @Test
  void thePageTellsWhichEngineItIs() throws Exception {
    engine.page("sglang:num_queue_reqs{model_name=\"m\"} 2\n");
    try (engine;
        other;
        var host = host()) {
      var endpoints = new EndpointsPage(host);
      endpoints.await(engine.address(), "waiting", 2);
      endpoints.await(other.address(), "waiting", 1);

      assertThat(endpoints.engine(engine.address())).isEqualTo("sglang");
      assertThat(endpoints.engine(other.address())).isEqualTo("vllm");
    }
  }

  @Test
  void idleEnginesAreReadSeldomAndBusyOnesAtOnce() throws Exception {
    engine.page(page(0, 1));
    other.page(page(0, 1));
    try (engine;
        other;
        var host = host(Map.of("idle-scrape-interval: 60ms", "idle-scrape-interval: 1h"))) {
      // Nobody asked for anything, and what is not known yet was looked at.
      Eventually.until(PATIENCE, () -> engine.readings() > 20, "it is not read");
      var last = new int[] {-1};
      var since = new long[] {System.nanoTime()};
      Eventually.until(
          PATIENCE,
          () -> {
            int now = engine.readings();
            if (now != last[0]) {
              last[0] = now;
              since[0] = System.nanoTime();
            }
            return System.nanoTime() - since[0] > Duration.ofSeconds(1).toNanos();
          },
          "it is read as often as before");

      assertThat(host.gateway().chat(Bodies.HELLO).statusCode()).isEqualTo(200);

      Eventually.until(PATIENCE, () -> engine.readings() > last[0] + 5, "it is read no more");
    }
  }

  @Test
  void metricsMayHaveAPortOfTheirOwn() throws Exception {
    var port = other.address().substring(other.address().indexOf(':') + 1);
    other.page("nv_trt_llm_request_metrics{model=\"tensorrt_llm\",request_type=\"waiting\"} 8\n");
    try (engine;
        other;
        var host =
            RunningHost.start(
                RunningHost.Ports.free(),
                "models: [{name: %s, engine: triton, endpoints: [{address: '%s', labels: {metrics-port: '%s'}}]}]"
                    .formatted(RunningHost.MODEL, engine.address(), port))) {
      new EndpointsPage(host).await(engine.address(), "waiting", 8);
    }
  }
}
