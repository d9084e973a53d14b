package io.signalbox.host.extproc;

import com.google.protobuf.ByteString;
import io.signalbox.envoy.extproc.v3.BodySendMode;
import io.signalbox.envoy.extproc.v3.HttpBody;
import io.signalbox.envoy.extproc.v3.HttpHeaders;
import io.signalbox.envoy.extproc.v3.ProcessingRequest;
import io.signalbox.envoy.extproc.v3.ProcessingResponse;
import io.signalbox.host.chain.Observation;
import io.signalbox.host.chain.Pending;
import io.signalbox.host.chain.RoutingResult;
import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.chain.RoutingResult.Unrouted;
import io.signalbox.host.request.ApiCall;
import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.request.ModelList;
import io.signalbox.host.request.Refusal;
import io.signalbox.host.request.ScanResult;
import io.signalbox.host.telemetry.Reason;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.GrpcServerRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HTTP request as Envoy tells it: one gRPC stream, from the request's headers until the
 * exchange between client and engine is over.
 */
final class ExtProcStream {
  /*
   * phase            takes                          answers                      then
   * HEADERS          request_headers                continue, no target-pod      BODY
   * HEADERS          request_headers, no body       models or a refusal          ANSWERED
   * BODY             request_body                   (scans)                      DECIDING
   * DECIDING         nothing                        target-pod or a refusal      ROUTED or ANSWERED
   * ROUTED           response_headers               diagnostic headers           ROUTED
   * HEADERS.. ROUTED trailers, response_body        unchanged                    the same
   * ANSWERED, OVER   anything                       nothing: Envoy is done       the same
   *
   * Any other message breaks the protocol and ends the stream with INVALID_ARGUMENT. The stream's
   * end, however it comes (half-close, RST, lost connection), is the exchange's end: Envoy keeps the
   * stream open as long as the HTTP request lives, and resets it afterwards.
   */
  private enum Phase {
    HEADERS,
    BODY,
    DECIDING,
    ROUTED,
    ANSWERED,
    OVER
  }

  /** How much of the answer's body was seen. */
  private enum Seen {
    NOTHING,
    PART,
    ALL
  }

  private static final Logger LOG = LoggerFactory.getLogger(ExtProcStream.class);
  private static final int NO_STATUS = 0;
  private static final RequestHead NO_HEAD =
      new RequestHead(io.signalbox.envoy.extproc.v3.HeaderMap.getDefaultInstance());

  private final ExtProcDoor door;
  private final GrpcServerRequest<ProcessingRequest, ProcessingResponse> rpc;
  private final String requestId;
  private Phase phase = Phase.HEADERS;
  private RequestHead head = NO_HEAD;
  private @Nullable Picked picked;
  private int status = NO_STATUS;
  private Seen seen = Seen.NOTHING;
  private Pending pending = Pending.NOT_WAITING;
  private boolean gone;

  ExtProcStream(ExtProcDoor door, GrpcServerRequest<ProcessingRequest, ProcessingResponse> rpc) {
    this.door = door;
    this.rpc = rpc;
    this.requestId = door.dispatch().ids().next();
  }

  void start() {
    rpc.handler(message -> guarded(() -> message(message)));
    // After END_STREAM and RST both of the first two may come, after a lost connection the third.
    rpc.endHandler(end -> ended());
    rpc.errorHandler(error -> gone());
    rpc.exceptionHandler(failure -> gone());
    rpc.invalidMessageHandler(invalid -> broken("a message that cannot be read"));
  }

  private void message(ProcessingRequest message) {
    if (phase == Phase.ANSWERED || phase == Phase.OVER) {
      return;
    }
    switch (message.getRequestCase()) {
      case REQUEST_HEADERS -> requestHeaders(message);
      case REQUEST_BODY -> requestBody(message.getRequestBody().getBody());
      case RESPONSE_HEADERS -> responseHeaders(message.getResponseHeaders());
      case REQUEST_TRAILERS -> rpc.response().write(Answers.REQUEST_TRAILERS_UNTOUCHED);
      case RESPONSE_BODY -> responseBody(message.getResponseBody());
      case RESPONSE_TRAILERS -> rpc.response().write(Answers.RESPONSE_TRAILERS_UNTOUCHED);
      case REQUEST_NOT_SET -> broken("a message without content");
    }
  }

  private void requestHeaders(ProcessingRequest message) {
    if (phase != Phase.HEADERS) {
      broken("request headers twice");
      return;
    }
    var headers = message.getRequestHeaders();
    head = new RequestHead(headers.getHeaders());
    switch (head.call()) {
      case ApiCall.Inference _ -> awaitBody(message, headers);
      case ApiCall.ListModels _ -> answer(Answers.answer(ModelList.all(door.models())));
      case ApiCall.DescribeModel(var name) -> describe(name);
      case ApiCall.Refused(var refusal) -> refuse(refusal);
    }
  }

  private void awaitBody(ProcessingRequest message, HttpHeaders headers) {
    if (headers.getEndOfStream()) {
      refuse(
          Refusal.of(Reason.MISSING_MODEL, "the request must have a body with a model", "model"));
    } else if (!buffersBody(message)) {
      refuse(
          Refusal.of(
              Reason.UNSUPPORTED_BODY_MODE,
              "the proxy must be configured with request_body_mode BUFFERED"));
    } else if (head.announcedBytes() > door.maxBodyBytes()) {
      refuse(Refusal.bodyTooLarge(door.maxBodyBytes()));
    } else {
      phase = Phase.BODY;
      rpc.response().write(Answers.AWAIT_BODY);
    }
  }

  /**
   * Envoy tells its body modes in the first message; others may not, and are taken at their word.
   */
  private static boolean buffersBody(ProcessingRequest message) {
    return !message.hasProtocolConfig()
        || message.getProtocolConfig().getRequestBodyMode() == BodySendMode.BUFFERED;
  }

  private void describe(String model) {
    if (door.models().contains(model)) {
      answer(Answers.answer(ModelList.one(model)));
    } else {
      refuse(ModelList.unknown(model));
    }
  }

  private void requestBody(ByteString body) {
    if (phase != Phase.BODY) {
      broken("a request body in phase " + phase);
      return;
    }
    if (body.size() > door.maxBodyBytes()) {
      refuse(Refusal.bodyTooLarge(door.maxBodyBytes()));
      return;
    }
    phase = Phase.DECIDING;
    door.bodies()
        .read(body.newInput(), body.size())
        .onSuccess(scan -> guarded(() -> scanned(scan, body)))
        .onFailure(this::failed);
  }

  private void scanned(ScanResult scan, ByteString body) {
    if (phase != Phase.DECIDING) {
      return;
    }
    switch (scan) {
      case ScanResult.Scanned found -> {
        pending =
            door.dispatch()
                .router()
                .route(
                    new InferenceRequest(
                        found, head, body::asReadOnlyByteBuffer, door.dispatch().lengths()),
                    result -> guarded(() -> decided(result)));
        if (phase == Phase.DECIDING && pending.longestWait().isPositive()) {
          rpc.response().write(Answers.wait(pending.longestWait()));
        }
      }
      case ScanResult.Unreadable(var reason, var problem) -> refuse(Refusal.of(reason, problem));
    }
  }

  private void decided(RoutingResult result) {
    if (phase != Phase.DECIDING) {
      abandon(result);
      return;
    }
    switch (result) {
      case Picked choice -> {
        picked = choice;
        phase = Phase.ROUTED;
        choice.explanation().ifPresent(why -> door.dispatch().decisions().add(requestId, why));
        choice.sample().ifPresent(why -> door.dispatch().feed().tell(requestId, why));
        door.metrics().decided(choice.endpoint().model());
        if (choice.degraded().isPresent()) {
          door.metrics().degraded();
        }
        rpc.response().write(Answers.route(choice, requestId));
      }
      case Unrouted unrouted -> refuse(unrouted.refusal());
    }
  }

  /** Envoy went away while a strategy was asked. */
  private static void abandon(RoutingResult result) {
    if (result instanceof Picked choice) {
      choice.reservation().release();
      choice.observation().cancelled();
    }
  }

  private void responseHeaders(HttpHeaders headers) {
    if (phase != Phase.ROUTED || picked == null) {
      broken("response headers in phase " + phase);
      return;
    }
    var answer = RequestHead.answer(headers.getHeaders());
    status = answer.status();
    picked.observation().accepted(answer);
    rpc.response().write(Answers.diagnose(picked, requestId));
  }

  /** Comes where the proxy is configured to send bodies of answers; they are read, not changed. */
  private void responseBody(HttpBody body) {
    rpc.response().write(Answers.RESPONSE_BODY_UNTOUCHED);
    seen = body.getEndOfStream() ? Seen.ALL : Seen.PART;
    if (picked != null) {
      picked.observation().received(body.getBody().asReadOnlyByteBuffer());
    }
  }

  private void refuse(Refusal refusal) {
    door.refusals().refused(refusal, requestId);
    answer(Answers.refuse(refusal, requestId));
  }

  private void answer(ProcessingResponse immediate) {
    phase = Phase.ANSWERED;
    rpc.response().write(immediate);
  }

  /** Whatever goes wrong in a step, the exchange ends and its place is free. */
  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (Throwable e) {
      failed(e);
    }
  }

  private void failed(Throwable cause) {
    LOG.error("exchange {} failed", requestId, cause);
    if (picked != null) {
      picked.reservation().release();
      picked.observation().failed();
    }
    if (phase == Phase.HEADERS || phase == Phase.BODY || phase == Phase.DECIDING) {
      refuse(Refusal.internalError());
    }
  }

  private void broken(String what) {
    if (phase == Phase.OVER) {
      return;
    }
    door.refusals().refused(Refusal.of(Reason.PROTOCOL_ERROR, what), requestId);
    over();
    rpc.response().status(GrpcStatus.INVALID_ARGUMENT).statusMessage(what).end();
  }

  /**
   * Envoy closed its side; ours is closed too, unless a reset follows at once, as it does when
   * Envoy is done: trailers that a reset overtakes would be made, queued, and taken back with an
   * exception.
   */
  private void ended() {
    if (phase != Phase.OVER) {
      over();
      door.context().runOnContext(turn -> end());
    }
  }

  private void end() {
    if (!gone) {
      rpc.response().end();
    }
  }

  /** Envoy reset the stream, or the connection is lost. */
  private void gone() {
    gone = true;
    over();
  }

  private void over() {
    phase = Phase.OVER;
    pending.cancel();
    if (picked != null) {
      picked.reservation().release();
      observeEnd(picked.observation());
    }
  }

  /**
   * The stream tells that the exchange is over, not whether the answer was whole; without response
   * headers there was none, and where a body broke off it was not: the engine failed or the client
   * left.
   */
  private void observeEnd(Observation observation) {
    if (status == NO_STATUS || seen == Seen.PART) {
      observation.cancelled();
    } else {
      observation.completed();
    }
  }
}
