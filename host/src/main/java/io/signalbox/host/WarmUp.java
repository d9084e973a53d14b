package io.signalbox.host;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.signalbox.envoy.extproc.v3.HeaderMap;
import io.signalbox.envoy.extproc.v3.HeaderValue;
import io.signalbox.envoy.extproc.v3.HttpBody;
import io.signalbox.envoy.extproc.v3.HttpHeaders;
import io.signalbox.envoy.extproc.v3.ProcessingRequest;
import io.signalbox.host.chain.Router;
import io.signalbox.host.chain.RoutingPlan;
import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.config.Configuration;
import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.ListenConfig;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.config.TlsConfig;
import io.signalbox.host.endpoint.EndpointRegistry;
import io.signalbox.host.extproc.ExtProcDoor;
import io.signalbox.host.request.ApiCall;
import io.signalbox.host.request.BodyScanner;
import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.request.RequestHeaders;
import io.signalbox.host.request.ScanResult.Scanned;
import io.signalbox.host.signals.SampleTable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
  private static final int EXCHANGES = 50;
  private static final long LONGEST_SECONDS = 5;
  private static final String MODEL = "warm-up";
  private static final String BODY =
      "{\"model\":\""
          + MODEL
          + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}],\"stream\":true}";

  private static final RequestHeaders NO_HEADERS = RequestHeaders.of(Map.of());

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
    var router =
        new Router(
            plan,
            snapshot,
            new Router.Surroundings(
                new SplittableRandom(), System::nanoTime, (delay, task) -> () -> {}));
    var message =
        ProcessingRequest.newBuilder()
            .setRequestBody(HttpBody.newBuilder().setBody(ByteString.copyFromUtf8(BODY)))
            .build()
            .toByteArray();
    var decided = new AtomicInteger();
    for (int i = 0; i < DECISIONS; i++) {
      var body = ProcessingRequest.parseFrom(message).getRequestBody().getBody();
      if (BodyScanner.scan(body.newInput()) instanceof Scanned scanned) {
        router.route(
            new InferenceRequest(scanned, NO_HEADERS, body::asReadOnlyByteBuffer),
            result -> {
              if (result instanceof Picked picked) {
                picked.reservation().release();
                decided.incrementAndGet();
              }
            });
      }
    }
    return decided.get();
  }

  private Future<?> callGateway() {
    return call(
        configuration.gateway().listen(),
        configuration.gateway().tls(),
        HttpVersion.HTTP_1_1,
        new RequestOptions().setMethod(HttpMethod.GET).setURI(ApiCall.MODELS),
        Buffer.buffer());
  }

  private Future<?> callExtProc() {
    return call(
        configuration.extProc().listen(),
        configuration.extProc().tls(),
        HttpVersion.HTTP_2,
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setURI(ExtProcDoor.PATH)
            .putHeader("content-type", "application/grpc"),
        listModels());
  }

  /** The request for the list of models as Envoy tells it, in a gRPC frame. */
  private static Buffer listModels() {
    var headers =
        HeaderMap.newBuilder()
            .addHeaders(header(":method", HttpMethod.GET.name()))
            .addHeaders(header(":path", ApiCall.MODELS));
    var message =
        ProcessingRequest.newBuilder()
            .setRequestHeaders(HttpHeaders.newBuilder().setHeaders(headers).setEndOfStream(true))
            .build()
            .toByteArray();
    return Buffer.buffer().appendByte((byte) 0).appendInt(message.length).appendBytes(message);
  }

  private static HeaderValue header(String name, String value) {
    return HeaderValue.newBuilder()
        .setKey(name)
        .setRawValue(ByteString.copyFromUtf8(value))
        .build();
  }

  /** A door that asks for a client's certificate is not warmed up: there is none to show. */
  private Future<?> call(
      ListenConfig listen,
      Optional<TlsConfig> tls,
      HttpVersion version,
      RequestOptions options,
      Buffer body) {
    boolean asks = tls.flatMap(TlsConfig::clientCa).isPresent();
    if (!listen.enabled() || listen.port() == 0 || asks) {
      return Future.succeededFuture();
    }
    var server = SocketAddress.inetSocketAddress(listen.port(), reachable(listen.host()));
    var client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setProtocolVersion(version)
                .setHttp2ClearTextUpgrade(false)
                // It is ourselves, whatever name we show.
                .setSsl(tls.isPresent())
                .setUseAlpn(tls.isPresent())
                .setTrustAll(true)
                .setVerifyHost(false));
    return exchange(client, options.setServer(server), body, EXCHANGES)
        .transform(done -> client.close());
  }

  /** One exchange after the other. */
  private static Future<Buffer> exchange(
      HttpClient client, RequestOptions options, Buffer body, int times) {
    var answer =
        client
            .request(new RequestOptions(options))
            .compose(request -> request.send(body))
            .compose(response -> response.body());
    return times == 1 ? answer : answer.compose(done -> exchange(client, options, body, times - 1));
  }

  /** An address that means every address is no address to connect to. */
  private static String reachable(String host) {
    return switch (host) {
      case "0.0.0.0" -> "127.0.0.1";
      case "::" -> "::1";
      default -> host;
    };
  }
}
