package io.signalbox.host.ingest;

import io.signalbox.host.config.HealthConfig.Check;
import io.signalbox.host.endpoint.Fleet;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.signals.SampleTable;
import io.signalbox.host.telemetry.HealthMetrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks every endpoint again and again whether it is well. Belongs to the ingest's thread; never has
 * two questions to an endpoint under way.
 */
final class HealthChecks {
  private static final Logger LOG = LoggerFactory.getLogger(HealthChecks.class);
  private static final double JITTER = 0.1;

  private final Setting setting;
  private final HttpClient client;
  private final Map<String, Checked> byAddress = new HashMap<>();

  /**
   * What checks are made with.
   *
   * @param changed called when an endpoint became a candidate, or is none any more
   */
  record Setting(
      Vertx vertx,
      Check check,
      SampleTable samples,
      HealthMetrics metrics,
      RandomGenerator random,
      Runnable changed) {}

  /** An endpoint that is asked. */
  private final class Checked {
    private final RegisteredEndpoint endpoint;
    private long timer;
    private int failures;
    private int successes;
    private boolean unhealthy;
    private boolean closed;

    private Checked(RegisteredEndpoint endpoint) {
      this.endpoint = endpoint;
      // Not all at once.
      after((long) (setting.check().interval().toMillis() * setting.random().nextDouble()));
    }

    private void after(long millis) {
      timer = setting.vertx().setTimer(Math.max(1, millis), id -> check());
    }

    private void check() {
      ask(endpoint)
          .onComplete(answer -> {
            if (closed) {
              return;
            }
            if (answer.succeeded()) {
              succeeded();
            } else {
              failed(answer.cause());
            }
            double jitter = 1 + JITTER * (2 * setting.random().nextDouble() - 1);
            after(Math.round(setting.check().interval().toMillis() * jitter));
          });
    }

    private void succeeded() {
      failures = 0;
      successes++;
      if (unhealthy && successes >= setting.check().successes()) {
        unhealthy = false;
        LOG.info("endpoint {} is healthy again", endpoint.address());
        setting.samples().healthy(endpoint.address());
        setting.changed().run();
      }
    }

    private void failed(Throwable cause) {
      setting.metrics().checkFailed();
      successes = 0;
      failures++;
      if (!unhealthy && failures >= setting.check().failures()) {
        unhealthy = true;
        LOG.warn("endpoint {} is not healthy: {}", endpoint.address(), cause.getMessage());
        setting.samples().unhealthy(endpoint.address());
        setting.changed().run();
      }
    }

    private void close() {
      closed = true;
      setting.vertx().cancelTimer(timer);
    }
  }

  HealthChecks(Setting setting) {
    this.setting = setting;
    this.client = setting.vertx().createHttpClient(new PoolOptions().setHttp1MaxSize(1));
  }

  /** Asks these endpoints from now on. */
  void follow(Fleet fleet) {
    var addresses = fleet.byAddress();
    byAddress
        .entrySet()
        .removeIf(entry -> {
          boolean gone = !addresses.containsKey(entry.getKey());
          if (gone) {
            entry.getValue().close();
          }
          return gone;
        });
    addresses.forEach(
        (address, endpoint) -> byAddress.computeIfAbsent(address, key -> new Checked(endpoint)));
  }

  private Future<?> ask(RegisteredEndpoint endpoint) {
    long timeout = setting.check().timeout().toMillis();
    return client
        .request(
            new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setServer(endpoint.socket())
                .setHost(endpoint.urlHost())
                .setPort(endpoint.port())
                .setURI(setting.check().path())
                .setConnectTimeout(timeout))
        .compose(request -> exchange(request, timeout));
  }

  private Future<?> exchange(HttpClientRequest request, long timeout) {
    request.exceptionHandler(failure -> {});
    return request
        .send()
        .compose(answer -> {
          answer.exceptionHandler(failure -> {});
          int status = answer.statusCode();
          if (status < 200 || status > 299) {
            return Future.failedFuture(setting.check().path() + " answered " + status);
          }
          answer.handler(piece -> {});
          return answer.end();
        })
        .timeout(timeout, TimeUnit.MILLISECONDS)
        .onFailure(cause -> request.reset());
  }

  /** Asks nobody any more; whoever was unhealthy is not. */
  Future<Void> close() {
    byAddress.forEach((address, checked) -> {
      checked.close();
      setting.samples().healthy(address);
    });
    byAddress.clear();
    return client.close();
  }
}
