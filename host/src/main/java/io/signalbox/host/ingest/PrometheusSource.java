package io.signalbox.host.ingest;

import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.PrometheusConfig;
import io.signalbox.host.endpoint.Fleet;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.endpoint.Traffic.Total;
import io.signalbox.host.ingest.EnginePages.Subject;
import io.signalbox.host.ingest.PrometheusAnswer.InstancePage;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a Prometheus server for what it read from engines, all endpoints with one question. Belongs
 * to the ingest's thread.
 */
final class PrometheusSource {
  /*
   * The question is for the raw samples of the last while, not for their newest value: that would
   * come without its time, and a sample of five minutes ago would look like one of now.
   */
  private static final int MAX_ANSWER_BYTES = 64 * 1024 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(PrometheusSource.class);

  private final PrometheusConfig config;
  private final Scraper.Setting setting;
  private final HttpClient client;
  private final Map<String, Instance> instances = new HashMap<>();
  private String body = "";
  private long timer;
  private int failures;
  private boolean closed;

  /** The pages of one endpoint, as the server read them. */
  private static final class Instance {
    private final List<RegisteredEndpoint> endpoints;
    private final EnginePages pages;
    private double newestSeconds;

    private Instance(List<RegisteredEndpoint> endpoints, EnginePages pages) {
      this.endpoints = endpoints;
      this.pages = pages;
    }
  }

  PrometheusSource(PrometheusConfig config, Scraper.Setting setting) {
    this.config = config;
    this.setting = setting;
    this.client = setting.vertx().createHttpClient(new PoolOptions().setHttp1MaxSize(1));
  }

  /** Asks for these endpoints from now on. */
  void follow(Fleet fleet) {
    var wanted = new HashMap<String, List<RegisteredEndpoint>>();
    fleet
        .allByAddress()
        .values()
        .forEach(endpoints -> wanted.put(instance(endpoints.getFirst()), endpoints));
    instances
        .entrySet()
        .removeIf(entry -> !entry.getValue().endpoints.equals(wanted.get(entry.getKey())));
    wanted.forEach((name, endpoints) ->
        instances.computeIfAbsent(name, key -> new Instance(endpoints, pages(endpoints))));
    body = body(fleet.endpoints());
  }

  void start() {
    timer = setting.vertx().setTimer(1, id -> ask());
  }

  private static String instance(RegisteredEndpoint endpoint) {
    return endpoint.urlHost() + ":" + Scraper.port(endpoint);
  }

  private EnginePages pages(List<RegisteredEndpoint> endpoints) {
    var endpoint = endpoints.getFirst();
    return new EnginePages(
        setting.dialects().apply(Scraper.engine(endpoints)),
        new Subject(
            endpoints.stream().map(RegisteredEndpoint::model).toList(),
            Optional.ofNullable(endpoint.labels().get(EndpointAddress.RANK_LABEL))),
        setting.scratch(),
        setting.signals().window(),
        () -> endpoint.traffic().total(Total.ANSWERS));
  }

  private String body(Collection<RegisteredEndpoint> endpoints) {
    var names =
        endpoints.stream()
            .map(RegisteredEndpoint::engine)
            .distinct()
            .flatMap(engine -> setting.dialects().apply(engine).stream())
            .flatMap(dialect -> dialect.seriesNames().stream())
            .distinct()
            .sorted()
            .collect(Collectors.joining("|"));
    var query = "{__name__=~\"" + names + "\"}[" + config.maxAge().toMillis() + "ms]";
    return "query=" + URLEncoder.encode(query, StandardCharsets.UTF_8);
  }

  private void ask() {
    client
        .request(
            new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(config.url().toString().replaceFirst("/$", "") + "/api/v1/query")
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/x-www-form-urlencoded"))
        .compose(this::exchange)
        .compose(answer -> setting.vertx().executeBlocking(() -> read(answer)))
        .onComplete(result -> {
          if (closed) {
            return;
          }
          if (result.succeeded()) {
            succeeded(result.result());
          } else {
            failed(result.cause());
          }
          timer = setting.vertx().setTimer(config.interval().toMillis(), id -> ask());
        });
  }

  private Map<String, InstancePage> read(Buffer answer) {
    return PrometheusAnswer.read(answer, config.instanceLabel());
  }

  private Future<Buffer> exchange(HttpClientRequest request) {
    request.exceptionHandler(failure -> {});
    return request
        .send(body)
        .compose(PrometheusSource::bounded)
        .timeout(Math.max(1_000, config.interval().toMillis()), TimeUnit.MILLISECONDS)
        .onFailure(cause -> request.reset());
  }

  private static Future<Buffer> bounded(HttpClientResponse response) {
    if (response.statusCode() != 200) {
      return Future.failedFuture("/api/v1/query answered " + response.statusCode());
    }
    var bytes = Buffer.buffer();
    response.handler(piece -> {
      bytes.appendBuffer(piece);
      if (bytes.length() > MAX_ANSWER_BYTES) {
        response.request().reset();
      }
    });
    return response.end().map(bytes);
  }

  private void succeeded(Map<String, InstancePage> pages) {
    if (failures > 0) {
      LOG.info("Prometheus at {} answers again", config.url());
    }
    failures = 0;
    long now = setting.nanoTime().getAsLong();
    double nowSeconds = System.currentTimeMillis() / 1e3;
    pages.forEach((name, page) -> {
      var instance = instances.get(name);
      if (instance != null && page.newestSeconds() > instance.newestSeconds) {
        instance.newestSeconds = page.newestSeconds();
        double age = Math.max(0, nowSeconds - page.newestSeconds());
        took(instance, page, now - (long) (age * TimeUnit.SECONDS.toNanos(1)));
      }
    });
  }

  private void took(Instance instance, InstancePage page, long atNanos) {
    instance.pages.begin();
    instance.pages.feed(page.text());
    switch (instance.pages.end(atNanos)) {
      case PageVerdict.Read read -> {
        setting.metrics().succeeded();
        setting
            .sink()
            .sampled(new Scraper.Reading(instance.endpoints, read, atNanos, config.maxAge()));
      }
      case PageVerdict.Frozen(_) -> setting.metrics().frozen();
      case PageVerdict.Unrecognised() -> setting.metrics().unrecognised();
    }
  }

  private void failed(Throwable cause) {
    setting.metrics().failed();
    if (failures == 0) {
      LOG.warn("Prometheus at {} cannot be asked: {}", config.url(), cause.getMessage());
    }
    failures++;
  }

  Future<Void> close() {
    closed = true;
    setting.vertx().cancelTimer(timer);
    return client.close();
  }
}
