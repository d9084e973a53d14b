package io.signalbox.host;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.signalbox.envoy.extproc.v3.HttpBody;
import io.signalbox.envoy.extproc.v3.ProcessingRequest;
import io.signalbox.host.chain.Router;
import io.signalbox.host.chain.RoutingPlan;
import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.config.Configuration;
import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.ListenConfig;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.endpoint.EndpointRegistry;
import io.signalbox.host.request.BodyScanner;
import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.request.ScanResult.Scanned;
import io.signalbox.host.signals.SampleTable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the first real request meet warm code: decides a few thousand times on endpoints that do
 * not exist, and calls both doors over loopback in ways that leave no trace.
 */
final class WarmUp {
  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
  private static final int DECISIONS = 2_000;
  private static final long LONGEST_SECONDS = 5;
  private static final String MODEL = "warm-up";
  private static final String BODY =
      "{\"model\":\""
          + MODEL
          + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}],\"stream\":true}";

  /** {@code grpc.health.v1.Health/Check} of an empty request, framed. */
  private static final Buffer HEALTH_CHECK = Buffer.buffer(new byte[5]);

  private final Vertx vertx;
  private final Configuration configuration;
  private final RoutingPlan plan;

  WarmUp(Vertx vertx, Configuration configuration, RoutingPlan plan) {
    this.vertx = vertx;
    this.configuration = configuration;
    this.plan = plan;
  }

  /**
   * Succeeds when all of it was done, or was given up after {@value #LONGEST_SECONDS} s: a cold
   * start is better than none. What it calls must be listening.
   */
  Future<Void> run() {
    Callable<Integer> decisions = this::decide;
    return Future.all(
            vertx.executeBlocking(decisions, false),
            onEventLoop(this::callGateway),
            onEventLoop(this::callExtProc))
        .timeout(LONGEST_SECONDS, TimeUnit.SECONDS)
        .onFailure(cause -> LOG.warn("not everything could be warmed up", cause))
        .<Void>mapEmpty()
        .otherwiseEmpty();
  }

  /**
   * On the loop of its own connection, an answer cannot come before there is somebody to take it.
   */
  private Future<?> onEventLoop(Supplier<Future<?>> call) {
    var done = Promise.<Void>promise();
    vertx.getOrCreateContext().runOnContext(start -> call.get().<Void>mapEmpty().onComplete(done));
    return done.future();
  }

  /** The same steps as an exchange of the ext_proc door takes, on a registry of its own. */
  private int decide() throws InvalidProtocolBufferException {
    var fleet =
        new EndpointRegistry()
            .apply(
                List.of(
                    new ModelConfig(
                        MODEL,
                        ModelConfig.DEFAULT_ENGINE,
                        List.of(
                            new EndpointAddress("a", "192.0.2.1", 1),
                            new EndpointAddress("b", "192.0.2.2", 1)))));
    var snapshot = new SampleTable().snapshot(fleet, 0, 0);
    var router = new Router(plan, snapshot, new SplittableRandom(), System::nanoTime);
    var message =
        ProcessingRequest.newBuilder()
            .setRequestBody(HttpBody.newBuilder().setBody(ByteString.copyFromUtf8(BODY)))
            .build()
            .toByteArray();
    int decided = 0;
    for (int i = 0; i < DECISIONS; i++) {
      var body = ProcessingRequest.parseFrom(message).getRequestBody().getBody();
      if (BodyScanner.scan(body.newInput()) instanceof Scanned scanned
          && router.route(new InferenceRequest(scanned, name -> null)) instanceof Picked picked) {
        picked.reservation().release();
        decided++;
      }
    }
    return decided;
  }

  private Future<?> callGateway() {
    return call(
        configuration.gateway().listen(),
        HttpVersion.HTTP_1_1,
        HttpMethod.GET,
        "/v1/models",
        Buffer.buffer());
  }

  private Future<?> callExtProc() {
    return call(
        configuration.extProc().listen(),
        HttpVersion.HTTP_2,
        HttpMethod.POST,
        "/grpc.health.v1.Health/Check",
        HEALTH_CHECK);
  }

  private Future<?> call(
      ListenConfig listen, HttpVersion version, HttpMethod method, String uri, Buffer body) {
    if (!listen.enabled() || listen.port() == 0) {
      return Future.succeededFuture();
    }
    var client =
        vertx.createHttpClient(
            new HttpClientOptions().setProtocolVersion(version).setHttp2ClearTextUpgrade(false));
    return client
        .request(
            new RequestOptions()
                .setMethod(method)
                .setHost(reachable(listen.host()))
                .setPort(listen.port())
                .setURI(uri)
                .putHeader("content-type", "application/grpc"))
        .compose(request -> request.send(body))
        .compose(response -> response.body())
        .transform(done -> client.close());
  }

  /** An address that means every address is no address to connect to. */
  private static String reachable(String host) {
    return switch (host) {
      case "0.0.0.0" -> "127.0.0.1";
      case "::", "[::]" -> "::1";
      default -> host;
    };
  }
}
