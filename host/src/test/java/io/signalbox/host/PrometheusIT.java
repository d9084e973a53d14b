package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Signals that a Prometheus server read already, as its HTTP API tells them. */
@ExtendWith(BlockedLoops.class)
class PrometheusIT {
  private static final String ENGINE = "127.0.0.1:65000";
  private static final String STALE = "127.0.0.1:65001";

  private final List<String> questions = new CopyOnWriteArrayList<>();
  private volatile double value = 3;

  private static JsonObject series(String name, String instance, String labels, Object... values) {
    var samples = new JsonArray();
    for (int i = 0; i < values.length; i += 2) {
      samples.add(new JsonArray().add(values[i]).add(values[i + 1].toString()));
    }
    var metric = new JsonObject("{" + labels + "}").put("__name__", name).put("instance", instance);
    return new JsonObject().put("metric", metric).put("values", samples);
  }

  private void answer(HttpServerRequest request) {
    request.setExpectMultipart(true);
    request.endHandler(end -> {
      questions.add(String.valueOf(request.getFormAttribute("query")));
      double now = System.currentTimeMillis() / 1e3;
      var result =
          new JsonArray()
              .add(
                  series(
                      "vllm:num_requests_waiting",
                      ENGINE,
                      "\"engine\": \"0\", \"model_name\": \"a\\\"b\"",
                      now - 2,
                      "9",
                      now - 1,
                      value))
              .add(series("vllm:kv_cache_usage_perc", ENGINE, "\"engine\": \"0\"", now - 1, "0.25"))
              // It was on the page before, and is not any more.
              .add(series("vllm:cpu_cache_usage_perc", ENGINE, "", now - 20, "0.75"))
              .add(series("vllm:num_requests_waiting", STALE, "", now - 60, "7"))
              .add(series("vllm:num_requests_waiting", "192.0.2.9:1", "", now, "5"));
      request
          .response()
          .end(
              new JsonObject()
                  .put("status", "success")
                  .put("data", new JsonObject().put("resultType", "matrix").put("result", result))
                  .encode());
    });
  }

  @Test
  void whatTheServerReadIsKnownWithItsAge() throws Exception {
    var vertx = Vertx.vertx();
    var server =
        Eventually.result(
            vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1"));
    try (var host =
        RunningHost.start(
            RunningHost.Ports.free(),
            RunningHost.models(List.of(ENGINE, STALE)) + "\nrouting: {default: least-kv-cache}",
            Map.of(
                "idle-scrape",
                "prometheus: {url: \"http://127.0.0.1:%d\", interval: 100ms, max-age: 30s}, idle-scrape"
                    .formatted(server.actualPort())))) {
      var endpoints = new EndpointsPage(host);
      endpoints.await(ENGINE, "waiting", 3);
      endpoints.await(ENGINE, "kvCacheUsage", 0.25);
      assertThat(endpoints.signal(ENGINE, "cpuCacheUsage")).isNaN();
      assertThat(endpoints.signal(STALE, "waiting")).isNaN();
      assertThat(endpoints.availability(ENGINE)).isEqualTo("ready");
      assertThat(endpoints.engine(ENGINE)).isEqualTo("vllm");
      assertThat(questions.getFirst())
          .startsWith("{__name__=~\"")
          .contains("|vllm:num_requests_waiting|")
          .endsWith("\"}[30000ms]");

      value = 4;
      endpoints.await(ENGINE, "waiting", 4);
    } finally {
      Eventually.result(vertx.close());
    }
  }
}
