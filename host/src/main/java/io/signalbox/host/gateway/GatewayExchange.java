package io.signalbox.host.gateway;

import io.netty.buffer.ByteBufInputStream;
import io.signalbox.host.chain.RoutingResult;
import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.chain.RoutingResult.Unrouted;
import io.signalbox.host.request.AnswerHeaders;
import io.signalbox.host.request.ContentLength;
import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.request.Refusal;
import io.signalbox.host.request.ScanResult;
import io.signalbox.host.telemetry.Reason;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request through the gateway: collect the body, scan it, route it, forward it, pass the answer
 * on. Everything runs on the door's event loop.
 */
final class GatewayExchange {
  /*
   * collecting -> deciding -> connecting -> waiting -> answering -> over
   *
   * Every way out ends in over(), which releases the reservation. connecting may go back to deciding
   * once, without the address that could not be reached; nothing was sent to an engine then.
   */
  private static final Logger LOG = LoggerFactory.getLogger(GatewayExchange.class);

  private final GatewayDoor door;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final BodyCollector collector;
  private final String requestId;
  private @Nullable Picked picked;
  private @Nullable HttpClientRequest upstream;
  private boolean over;

  GatewayExchange(GatewayDoor door, HttpServerRequest request) {
    this.door = door;
    this.request = request;
    this.response = request.response();
    this.collector = new BodyCollector(door.config().maxBodyBytes());
    this.requestId = door.ids().next();
  }

  void start() {
    response.closeHandler(closed -> clientGone());
    response.exceptionHandler(failure -> clientGone());
    request.exceptionHandler(failure -> clientGone());
    if (BodyCollector.hopeless(announcedBytes(), door.config().maxBodyBytes())) {
      refuse(tooLarge());
      return;
    }
    request.handler(this::collect);
    request.endHandler(end -> collected());
  }

  private long announcedBytes() {
    return ContentLength.announced(request.getHeader(HttpHeaders.CONTENT_LENGTH));
  }

  private void collect(Buffer chunk) {
    collector.add(chunk);
    if (collector.cutOff() && !over) {
      refuse(tooLarge());
    }
  }

  private void collected() {
    if (over) {
      return;
    }
    if (collector.tooLarge()) {
      refuse(tooLarge());
      return;
    }
    var body = collector.body();
    var bytes = ((BufferInternal) body).getByteBuf().duplicate();
    door.bodies()
        .read(new ByteBufInputStream(bytes), body.length())
        .onSuccess(scan -> scanned(scan, body))
        .onFailure(this::failed);
  }

  private void scanned(ScanResult scan, Buffer body) {
    if (over) {
      return;
    }
    switch (scan) {
      case ScanResult.Scanned found -> {
        var inference = new InferenceRequest(found, request::getHeader);
        decided(door.router().route(inference), inference, body);
      }
      case ScanResult.Unreadable(var reason, var problem) -> refuse(Refusal.of(reason, problem));
    }
  }

  private void decided(RoutingResult result, InferenceRequest inference, Buffer body) {
    switch (result) {
      case Picked choice -> {
        picked = choice;
        door.metrics().decided(choice.endpoint().model());
        connect(choice)
            .onSuccess(engine -> forward(engine, choice, body))
            .onFailure(cause -> unreachable(choice, inference, body));
      }
      case Unrouted unrouted -> refuse(unrouted.refusal());
    }
  }

  private Future<HttpClientRequest> connect(Picked choice) {
    return door.engines().connect(choice.endpoint(), request.method(), request.uri());
  }

  /** Tries once more, elsewhere. */
  private void unreachable(Picked choice, InferenceRequest inference, Buffer body) {
    choice.reservation().release();
    if (over) {
      return;
    }
    var unreachable = choice.endpoint().address();
    switch (door.router().routeAround(inference, unreachable)) {
      case Picked second -> {
        picked = second;
        door.metrics().retried();
        connect(second)
            .onSuccess(engine -> forward(engine, second, body))
            .onFailure(cause -> refuse(noConnection(second.endpoint().address())));
      }
      case Unrouted _ -> refuse(noConnection(unreachable));
    }
  }

  private void forward(HttpClientRequest engine, Picked choice, Buffer body) {
    if (over) {
      engine.reset();
      return;
    }
    upstream = engine;
    // What goes wrong fails the answer's future too; without a handler Vert.x logs it as an error.
    engine.exceptionHandler(failure -> {});
    HopByHop.copyRequest(request.headers(), engine.headers());
    if (!engine.headers().contains(AnswerHeaders.ENGINE_REQUEST_ID)) {
      engine.putHeader(AnswerHeaders.ENGINE_REQUEST_ID, requestId);
    }
    engine.send(body).onSuccess(answer -> answer(answer, choice)).onFailure(this::engineFailed);
  }

  private void answer(HttpClientResponse answer, Picked choice) {
    if (over) {
      answer.request().reset();
      return;
    }
    response.setStatusCode(answer.statusCode()).setStatusMessage(answer.statusMessage());
    HopByHop.copyResponse(answer.headers(), response.headers());
    response
        .putHeader(AnswerHeaders.TARGET, choice.endpoint().address())
        .putHeader(AnswerHeaders.STRATEGY, choice.chain())
        .putHeader(AnswerHeaders.REQUEST_ID, requestId);
    choice.degraded().ifPresent(this::degraded);
    if (!response.headers().contains(HttpHeaders.CONTENT_LENGTH)) {
      response.setChunked(true);
    }
    answer.exceptionHandler(this::engineFailed);
    new ResponsePump(door.context(), answer, response).start(this::over);
  }

  private void degraded(String what) {
    door.metrics().degraded();
    response.putHeader(AnswerHeaders.DEGRADED, what);
  }

  /** The engine went away or fell silent after it was sent the request. */
  private void engineFailed(Throwable cause) {
    if (over) {
      return;
    }
    if (response.headWritten()) {
      over();
      response.reset();
      return;
    }
    response.headers().clear();
    var address = picked == null ? "?" : picked.endpoint().address();
    refuse(
        cause instanceof TimeoutException
            ? Refusal.of(Reason.ENGINE_TIMEOUT, "endpoint " + address + " did not answer in time")
            : Refusal.of(Reason.ENGINE_FAILED, "endpoint " + address + " ended the connection"));
  }

  private void failed(Throwable cause) {
    LOG.error("exchange {} failed", requestId, cause);
    refuse(Refusal.of(Reason.INTERNAL_ERROR, "the request could not be read"));
  }

  private void clientGone() {
    if (over) {
      return;
    }
    over();
    door.metrics().cancelled();
    if (upstream != null) {
      upstream.reset();
    }
  }

  private void refuse(Refusal refusal) {
    if (!over) {
      over();
      door.refuse(request, refusal, requestId);
    }
  }

  private void over() {
    over = true;
    if (picked != null) {
      picked.reservation().release();
    }
  }

  private Refusal tooLarge() {
    return Refusal.of(
        Reason.BODY_TOO_LARGE,
        "the body may have " + door.config().maxBodyBytes() + " bytes at the most");
  }

  private static Refusal noConnection(String address) {
    return Refusal.of(Reason.ENGINE_UNREACHABLE, "endpoint " + address + " cannot be reached");
  }
}
