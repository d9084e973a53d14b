package io.signalbox.host.gateway;

import io.netty.buffer.ByteBufInputStream;
import io.netty.handler.codec.http2.Http2Error;
import io.signalbox.host.chain.Detour;
import io.signalbox.host.chain.Observation;
import io.signalbox.host.chain.Pending;
import io.signalbox.host.chain.RoutingResult;
import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.chain.RoutingResult.Unrouted;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.limits.Identity;
import io.signalbox.host.prefill.EngineAnswer;
import io.signalbox.host.prefill.Handover;
import io.signalbox.host.prefill.PairRequest;
import io.signalbox.host.request.AnswerHead;
import io.signalbox.host.request.AnswerHeaders;
import io.signalbox.host.request.ContentLength;
import io.signalbox.host.request.DialectHeaders;
import io.signalbox.host.request.HopByHop;
import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.request.ModelRewrite;
import io.signalbox.host.request.Refusal;
import io.signalbox.host.request.ScanResult;
import io.signalbox.host.request.SteeringHeaders;
import io.signalbox.host.telemetry.Door;
import io.signalbox.host.tracing.Arrival;
import io.signalbox.host.tracing.RequestSpan;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.buffer.BufferInternal;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request through the gateway: collect the body, scan it, route it, forward it, pass the answer
 * on. Everything runs on the door's event loop.
 */
final class GatewayExchange {
  /*
   * collecting -> deciding -> [handing over ->] connecting -> waiting -> answering -> over
   *
   * Every way out ends in over(), which releases the reservation. connecting goes back to deciding,
   * without the addresses that took no connection; nothing was sent to an engine then. A request
   * for a pair of endpoints goes through a handover, which decides again itself, and may take back
   * what waits for its answer: then sends has grown, and what still comes of it is nobody's.
   */
  private static final Logger LOG = LoggerFactory.getLogger(GatewayExchange.class);

  private final GatewayDoor door;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final BodyCollector collector;
  private final String requestId;
  private final RequestSpan span;
  private final Identity identity;
  private @Nullable String model;
  private @Nullable Picked picked;
  private @Nullable HttpClientRequest upstream;
  private @Nullable ResponsePump pump;
  private long heldBytes;
  private long sentNanos;
  private boolean closesAtEnd;
  private Pending pending = Pending.NOT_WAITING;
  private @Nullable Pair pair;
  private int sends;
  private Detour detour = Detour.NONE;
  private long unreachableSinceNanos;
  private boolean over;

  GatewayExchange(GatewayDoor door, HttpServerRequest request) {
    this.door = door;
    this.request = request;
    this.response = request.response();
    this.collector = new BodyCollector(door.maxBodyBytes());
    this.requestId = door.dispatch().ids().next();
    this.span =
        door.dispatch()
            .tracing()
            .begin(new Arrival(Door.GATEWAY, requestId, request.uri(), request.headers()::get));
    this.identity =
        door.dispatch().router().limiter().identify(new ClientHeaders(request.headers()));
  }

  void start() {
    response.closeHandler(closed -> clientGone());
    response.exceptionHandler(failure -> clientGone());
    request.exceptionHandler(failure -> clientGone());
    if (identity instanceof Identity.Stranger(var refusal)) {
      refuse(refusal);
      return;
    }
    var announced = ContentLength.announced(request.getHeader(HttpHeaders.CONTENT_LENGTH));
    if (announced > door.maxBodyBytes()) {
      refuse(Refusal.bodyTooLarge(door.maxBodyBytes()));
      return;
    }
    if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
      response.writeContinue();
    }
    request.handler(this::collect);
    request.endHandler(end -> guarded(this::collected));
  }

  private void collect(Buffer piece) {
    if (over) {
      return;
    }
    if (!door.budget().take(piece.length())) {
      refuse(Refusal.overloaded());
      return;
    }
    heldBytes += piece.length();
    if (!collector.add(piece)) {
      refuse(Refusal.bodyTooLarge(door.maxBodyBytes()));
    }
  }

  private void releaseBody() {
    door.budget().giveBack(heldBytes);
    heldBytes = 0;
  }

  private void collected() {
    if (over) {
      return;
    }
    var body = collector.body();
    door.bodies()
        .read(stream(body), body.length())
        .onSuccess(scan -> guarded(() -> scanned(scan, body)))
        .onFailure(this::failed);
  }

  private void scanned(ScanResult scan, Buffer body) {
    if (over) {
      return;
    }
    switch (scan) {
      case ScanResult.Scanned found -> route(found, body);
      case ScanResult.Unreadable(var reason, var problem) -> refuse(Refusal.of(reason, problem));
    }
  }

  private void route(ScanResult.Scanned found, Buffer body) {
    var headers = new ClientHeaders(request.headers());
    var target = ModelRewrite.target(headers, found.model());
    if (target.isEmpty()) {
      route(found, headers, body);
      return;
    }
    var place = ModelRewrite.find(stream(body));
    if (place.isEmpty()) {
      refuse(Refusal.modelStays());
    } else {
      route(found.withModel(target.get()), headers, rewritten(body, place.get(), target.get()));
    }
  }

  private static Buffer rewritten(Buffer body, ModelRewrite place, String target) {
    return Buffer.buffer(body.length() + target.length())
        .appendBuffer(body, 0, place.from())
        .appendBytes(ModelRewrite.quoted(target))
        .appendBuffer(body, place.to(), body.length() - place.to());
  }

  private void route(ScanResult.Scanned found, ClientHeaders headers, Buffer body) {
    model = found.model();
    span.asked(found.model(), found.stream());
    var inference =
        new InferenceRequest(
                identity.of(found),
                headers,
                () -> bytes(body),
                door.dispatch().lengths(),
                door.steering())
            .followedBy(span);
    pending =
        door.dispatch()
            .router()
            .route(inference, result -> guarded(() -> decided(result, inference, body)));
  }

  private static InputStream stream(Buffer body) {
    return new ByteBufInputStream(((BufferInternal) body).getByteBuf().duplicate());
  }

  private static ByteBuffer bytes(Buffer body) {
    return ((BufferInternal) body).getByteBuf().nioBuffer();
  }

  private void decided(RoutingResult result, InferenceRequest inference, Buffer body) {
    if (over) {
      result.abandon();
      return;
    }
    switch (result) {
      case Picked choice -> {
        chosen(choice);
        door.metrics().decided(choice.endpoint().model(), choice.profile());
        goOn(choice, inference, body);
      }
      case Unrouted unrouted -> refuse(unrouted.refusal());
    }
  }

  /** The request counts at another endpoint from now on. */
  void chosen(Picked choice) {
    picked = choice;
    door.dispatch().tell(requestId, choice);
  }

  private void goOn(Picked choice, InferenceRequest inference, Buffer body) {
    if (!door.prefills().concerns(choice, request.uri())) {
      send(choice, inference, body);
    } else if (!door.budget().take(body.length(), Handover.COPIES)) {
      choice.observation().passedOn().giveBack();
      refuse(Refusal.overloaded());
    } else {
      heldBytes += (long) body.length() * Handover.COPIES;
      var pairRequest =
          new PairRequest(
              inference,
              identity.shown(new ClientHeaders(request.headers())),
              request.uri(),
              Optional.of(body),
              requestId);
      pair = new Pair(this, door.prefills(), pairRequest, body);
      pair.begin(choice);
    }
  }

  /** Sends the request to the chosen endpoint. */
  void send(Picked choice, InferenceRequest inference, Buffer body) {
    int sending = ++sends;
    door.engines()
        .connect(choice.endpoint(), request.method(), request.uri())
        .onSuccess(engine ->
            guarded(() -> {
              // What goes wrong fails the answer's future too; without a handler Vert.x logs it as
              // an error.
              engine.exceptionHandler(failure -> {});
              if (over || sending != sends) {
                engine.reset();
              } else {
                forward(engine, choice, body);
              }
            }))
        .onFailure(cause ->
            guarded(() -> {
              if (!over && sending == sends) {
                tryElsewhere(choice, inference, body, cause);
              }
            }));
  }

  private void tryElsewhere(
      Picked choice, InferenceRequest inference, Buffer body, Throwable cause) {
    var refusal = Refusal.noConnection(choice.endpoint().address(), cause);
    if (pair != null) {
      door.metrics().retried();
      pair.decodeUnreachable(choice, refusal);
      return;
    }
    choice.reservation().release();
    var admission = choice.observation().failedOver();
    if (detour.addresses().isEmpty()) {
      unreachableSinceNanos = System.nanoTime();
    } else if (System.nanoTime() - unreachableSinceNanos > door.connectNanos()) {
      admission.giveBack();
      refuse(refusal);
      return;
    }
    detour = detour.and(choice.endpoint().address());
    door.dispatch()
        .router()
        .routeAround(
            inference,
            detour,
            admission,
            result -> guarded(() -> decidedAgain(result, refusal, inference, body)));
  }

  private void decidedAgain(
      RoutingResult result, Refusal otherwise, InferenceRequest inference, Buffer body) {
    if (over) {
      result.abandon();
      return;
    }
    switch (result) {
      case Picked next -> {
        picked = next;
        door.metrics().retried();
        goOn(next, inference, body);
      }
      case Unrouted _ -> refuse(otherwise);
    }
  }

  private void forward(HttpClientRequest engine, Picked choice, Buffer body) {
    upstream = engine;
    sentNanos = System.nanoTime();
    door.silence().add(this);
    HopByHop.copyRequest(request.headers(), engine.headers());
    identity.credential().ifPresent(engine.headers()::remove);
    span.writeTo(engine::putHeader);
    if (!engine.headers().contains(AnswerHeaders.ENGINE_REQUEST_ID)) {
      engine.putHeader(AnswerHeaders.ENGINE_REQUEST_ID, requestId);
    }
    if (pair == null) {
      choice
          .prefill()
          .ifPresent(prefill -> engine.putHeader(SteeringHeaders.PREFILL, prefill.address()));
    }
    engine
        .send(body)
        .onSuccess(answer -> guarded(() -> received(engine, answer, choice)))
        .onFailure(cause -> engineFailed(engine));
  }

  private void received(HttpClientRequest engine, HttpClientResponse answer, Picked choice) {
    if (over || !engine.equals(upstream)) {
      engine.reset();
      return;
    }
    answer.exceptionHandler(cause -> engineFailed(engine));
    int status = answer.statusCode();
    if (status < 200) {
      engineFailed(engine);
    } else if (pair == null || pair.mayPass(answer, choice)) {
      answer(answer, choice);
    }
  }

  /** Passes on what the engine answers. */
  void answer(HttpClientResponse answer, Picked choice) {
    releaseBody();
    choice.observation().accepted(AnswerHead.of(answer.statusCode(), answer.headers()));
    writeHead(answer, choice);
    pump = new ResponsePump(door.context(), answer, response, choice.observation());
    pump.start(() -> answered(choice.observation()));
  }

  private void writeHead(HttpClientResponse answer, Picked choice) {
    response.setStatusCode(answer.statusCode());
    HopByHop.copyResponse(answer.headers(), response.headers());
    mark(choice, choice.endpoint());
    closesAtEnd = needsClose();
    if (closesAtEnd) {
      response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    } else if (!response.headers().contains(HttpHeaders.CONTENT_LENGTH) && mayHaveBody(answer)) {
      response.setChunked(true);
    }
  }

  /**
   * Adds what the decision says to the answer's headers.
   *
   * @param by who answered, which is one of the endpoints that were chosen
   */
  private void mark(Picked choice, RegisteredEndpoint by) {
    choice.headers().forEach(response::putHeader);
    response
        .putHeader(AnswerHeaders.TARGET, by.address())
        .putHeader(AnswerHeaders.STRATEGY, choice.chain())
        .putHeader(AnswerHeaders.REQUEST_ID, requestId);
    DialectHeaders.ofAnswer(by.address(), door.dialect(), response::putHeader);
    choice
        .prefill()
        .ifPresent(prefill ->
            DialectHeaders.ofPrefill(prefill.host(), door.dialect(), response::putHeader));
    choice
        .explanation()
        .ifPresent(why -> response.putHeader(AnswerHeaders.EXPLANATION, why.text()));
    if (choice.degraded().isPresent()) {
      door.metrics().degraded();
      span.degraded(choice.degraded().get());
      response.putHeader(AnswerHeaders.DEGRADED, choice.degraded().get());
    }
  }

  /** Answers what the prefill engine said of the request. */
  void answer(Picked choice, EngineAnswer answer) {
    if (over) {
      return;
    }
    span.answered(answer.status());
    over();
    response.setStatusCode(answer.status()).headers().addAll(answer.headers());
    mark(choice, choice.prefill().orElse(choice.endpoint()));
    var _ = response.end(answer.body());
  }

  /**
   * Takes back what was sent, and whatever comes of it.
   *
   * @return false where the client sees an answer already
   */
  boolean takeBack() {
    if (response.headWritten()) {
      return false;
    }
    sends++;
    door.silence().remove(this);
    var engine = upstream;
    upstream = null;
    if (engine != null) {
      engine.reset();
    }
    return true;
  }

  /** Whether the end of the answer can only be told by closing: HTTP/1.0 knows no chunks. */
  private boolean needsClose() {
    return request.version() == HttpVersion.HTTP_1_0
        && !response.headers().contains(HttpHeaders.CONTENT_LENGTH);
  }

  private static boolean mayHaveBody(HttpClientResponse answer) {
    return answer.statusCode() != 204 && answer.statusCode() != 304;
  }

  private void answered(Observation observation) {
    observation.completed();
    over();
    if (closesAtEnd) {
      request.connection().close();
    }
  }

  /** The client sees the answer cut off; other streams of its connection go on. */
  private void cutOff() {
    if (request.version() == HttpVersion.HTTP_2) {
      var _ = response.reset(Http2Error.INTERNAL_ERROR.code());
    } else {
      request.connection().close();
    }
  }

  /** When the engine last gave a sign of life. */
  long lastByteNanos() {
    return pump == null ? sentNanos : pump.lastByteNanos();
  }

  /** The engine has been silent for too long. */
  void engineSilent() {
    engineLost(Refusal.silent(address()));
  }

  /** The engine went away after it was sent the request. */
  private void engineFailed(HttpClientRequest engine) {
    if (!engine.equals(upstream)) {
      return;
    }
    engineLost(Refusal.engineFailed(address(), "ended the connection"));
  }

  private void engineLost(Refusal refusal) {
    if (over) {
      return;
    }
    if (response.headWritten()) {
      // Too late to say it in the answer.
      span.refused(refusal.reason(), refusal.status());
      over();
      door.refusals().refused(refusal, requestId);
      cutOff();
    } else {
      response.headers().clear();
      response.setChunked(false);
      refuse(refusal);
    }
    // Last, since it calls back.
    if (upstream != null) {
      upstream.reset();
    }
  }

  private String address() {
    return picked == null ? "?" : picked.endpoint().address();
  }

  private void clientGone() {
    if (over) {
      return;
    }
    if (picked != null) {
      picked.observation().cancelled();
    }
    over();
    door.metrics().cancelled();
    if (upstream != null) {
      upstream.reset();
    }
  }

  /** Whatever goes wrong in a step, the exchange ends and its place is free. */
  void guarded(Runnable step) {
    try {
      step.run();
    } catch (Throwable e) {
      failed(e);
    }
  }

  private void failed(Throwable cause) {
    LOG.error("exchange {} failed", requestId, cause);
    engineLost(Refusal.internalError());
  }

  void refuse(Refusal refusal) {
    if (!over) {
      span.refused(refusal.reason(), refusal.status());
      over();
      door.refuse(request, refusal, model, requestId);
    }
  }

  private void over() {
    over = true;
    pending.cancel();
    if (pair != null) {
      pair.cancel();
    }
    releaseBody();
    door.silence().remove(this);
    if (picked != null) {
      picked.reservation().release();
      // Unless it was told of another end before.
      picked.observation().failed();
    }
    span.end();
  }
}
