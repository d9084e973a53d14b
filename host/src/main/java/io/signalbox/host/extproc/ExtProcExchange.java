package io.signalbox.host.extproc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.signalbox.envoy.extproc.v3.HeaderMutation;
import io.signalbox.envoy.extproc.v3.Metadata;
import io.signalbox.envoy.extproc.v3.ProcessingResponse;
import io.signalbox.host.chain.Observation;
import io.signalbox.host.chain.Pending;
import io.signalbox.host.chain.RoutingResult;
import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.chain.RoutingResult.Unrouted;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.extproc.Destination.Rewritten;
import io.signalbox.host.extproc.Protocol.Passage;
import io.signalbox.host.extproc.Protocol.Phase;
import io.signalbox.host.limits.Identity;
import io.signalbox.host.prefill.EngineAnswer;
import io.signalbox.host.prefill.Handover;
import io.signalbox.host.prefill.PairRequest;
import io.signalbox.host.request.ApiCall;
import io.signalbox.host.request.BodyScanner;
import io.signalbox.host.request.EndpointSubset;
import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.request.ModelList;
import io.signalbox.host.request.ModelRewrite;
import io.signalbox.host.request.Refusal;
import io.signalbox.host.request.ScanResult;
import io.signalbox.host.request.ScanResult.Scanned;
import io.signalbox.host.request.Steering;
import io.signalbox.host.telemetry.Door;
import io.signalbox.host.telemetry.Reason;
import io.signalbox.host.tracing.Arrival;
import io.signalbox.host.tracing.RequestSpan;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HTTP request behind Envoy: what it asks for, where it goes, and how it ends. {@link Protocol}
 * knows when to say what. Everything runs on the door's event loop.
 */
final class ExtProcExchange implements Protocol.Listener {
  /*
   * Whatever the phase of the protocol: from the decision on a place is reserved, and over() gives it
   * back. The body counts against the door's budget until the answer begins, or the exchange is over.
   */
  /** How much of the answer's body was seen. */
  private enum Seen {
    NOTHING,
    PART,
    ALL
  }

  private static final Logger LOG = LoggerFactory.getLogger(ExtProcExchange.class);
  private static final int NO_STATUS = 0;

  private final ExtProcDoor door;
  private final Arrival.Headers proxy;
  private final Consumer<Frame> out;
  private final Consumer<String> breaks;
  private final Protocol protocol;
  private final String requestId;
  private RequestHead head = RequestHead.EMPTY;
  private Identity identity = new Identity.Unasked();
  private RequestSpan span = RequestSpan.NONE;
  private @Nullable String model;
  private Optional<EndpointSubset> subset = Optional.empty();
  private Optional<String> served = Optional.empty();
  private @Nullable Picked picked;
  private Pending pending = Pending.NOT_WAITING;
  private @Nullable Pair pair;
  private boolean bodyKnown;
  private boolean askedForTime;
  private long heldBytes;
  private int status = NO_STATUS;
  private Seen seen = Seen.NOTHING;

  /**
   * An exchange of which nothing is known yet.
   *
   * @param proxy the headers of the stream itself
   * @param out takes the messages for the proxy
   * @param breaks ends the stream as one that broke the protocol
   */
  ExtProcExchange(
      ExtProcDoor door, Arrival.Headers proxy, Consumer<Frame> out, Consumer<String> breaks) {
    this.door = door;
    this.proxy = proxy;
    this.out = out;
    this.breaks = breaks;
    this.protocol = new Protocol(this, door.config().maxBodyBytes(), door.untoldPassage());
    this.requestId = door.dispatch().ids().next();
  }

  Protocol protocol() {
    return protocol;
  }

  @Override
  public void send(Frame message) {
    out.accept(message);
  }

  @Override
  public void metadata(Metadata metadata) {
    if (subset.isEmpty()) {
      subset = ProxyMetadata.subset(metadata);
    }
    served = ProxyMetadata.served(metadata);
  }

  @Override
  public void requestHead(RequestHead request, boolean last) {
    head = request;
    switch (request.call()) {
      case ApiCall.Inference _ -> infer(last);
      case ApiCall.ListModels _ -> protocol.answer(Answers.answer(ModelList.all(door.models())));
      case ApiCall.DescribeModel(var name) -> describe(name);
      case ApiCall.Refused(var refusal) -> refuse(refusal);
    }
  }

  private void infer(boolean last) {
    span =
        door.dispatch()
            .tracing()
            .begin(new Arrival(Door.EXT_PROC, requestId, head.path(), head::first, proxy));
    identity = door.dispatch().router().limiter().identify(head);
    if (identity instanceof Identity.Stranger(var refusal)) {
      refuse(refusal);
      return;
    }
    var named = head.isUpgrade() ? modelOfUpgrade() : modelOfHeaders();
    if (named != null) {
      route(new Scanned(named, null, false), ByteString.EMPTY);
    } else if (last || head.isUpgrade()) {
      refuse(
          Refusal.of(
              Reason.MISSING_MODEL,
              head.isUpgrade()
                  ? "the query of an upgrade must name a model: ?model=NAME"
                  : "the request must have a body with a model",
              "model"));
    } else if (protocol.passage() == Passage.UNREADABLE) {
      refuse(unsupportedMode());
    } else if (head.announcedBytes() > door.config().maxBodyBytes()) {
      bodyTooLarge();
    } else {
      protocol.read(removed());
    }
  }

  /** What the engine does not get of the request's headers. */
  private HeaderMutation removed() {
    var removed = ControlHeaders.removed(head);
    return identity
        .credential()
        .map(header -> removed.toBuilder().addRemoveHeaders(header).build())
        .orElse(removed);
  }

  private @Nullable String modelOfUpgrade() {
    var query = head.modelOfQuery();
    return query == null ? head.first(ControlHeaders.MODEL) : query;
  }

  /** A router before us may have read the body already; where we can read it, we do. */
  private @Nullable String modelOfHeaders() {
    return switch (protocol.passage()) {
      case ON_DEMAND, UNREADABLE -> head.first(ControlHeaders.MODEL);
      case BUFFERED, BEGINNING, HELD, DUPLEX -> null;
    };
  }

  private static Refusal unsupportedMode() {
    return Refusal.of(
        Reason.UNSUPPORTED_BODY_MODE,
        "the proxy must send bodies with request_body_mode FULL_DUPLEX_STREAMED, BUFFERED or"
            + " BUFFERED_PARTIAL; STREAMED needs send_body_without_waiting_for_header_response, and"
            + " NONE needs allow_mode_override");
  }

  private void describe(String name) {
    if (door.models().contains(name)) {
      protocol.answer(Answers.answer(ModelList.one(name)));
    } else {
      refuse(ModelList.unknown(name));
    }
  }

  @Override
  public boolean roomFor(int bytes) {
    return roomFor(bytes, 1);
  }

  private boolean roomFor(int bytes, int times) {
    if (!door.budget().take(bytes, times)) {
      refuse(Refusal.overloaded());
      return false;
    }
    heldBytes += (long) bytes * times;
    return true;
  }

  private void releaseBody() {
    door.budget().giveBack(heldBytes);
    heldBytes = 0;
  }

  @Override
  public boolean isComplete(ByteString body) {
    return BodyScanner.scan(body.newInput()) instanceof Scanned;
  }

  @Override
  public boolean knowsEnough(ByteString beginning) {
    // Pairs of endpoints need all of it.
    return BodyScanner.scanBeginning(beginning.newInput(), beginning.size())
            instanceof Scanned found
        && !door.prefills().calls(found.model());
  }

  @Override
  public void requestBody(ByteString body, boolean whole) {
    door.bodies()
        .read(body.newInput(), body.size())
        .compose(scan ->
            whole || scan instanceof Scanned
                ? Future.succeededFuture(new Read(scan, true))
                : door.bodies()
                    .readBeginning(body.newInput(), body.size())
                    .map(beginning -> new Read(beginning, false)))
        .onSuccess(read -> guarded(() -> scanned(read, body)))
        .onFailure(this::failed);
  }

  /** What was read of a body, and whether that is all of it. */
  private record Read(ScanResult scan, boolean whole) {}

  private void scanned(Read read, ByteString body) {
    if (protocol.phase() != Phase.DECIDING) {
      return;
    }
    bodyKnown = read.whole();
    switch (read.scan()) {
      case Scanned found -> route(found, body);
      case ScanResult.Unreadable(var reason, var problem) -> refuse(Refusal.of(reason, problem));
    }
  }

  private void route(Scanned found, ByteString body) {
    var target = ModelRewrite.target(head, found.model());
    if (target.isEmpty()) {
      route(found, body, Rewritten.NOT);
      return;
    }
    var place = ModelRewrite.find(body.newInput());
    if (place.isEmpty()) {
      refuse(Refusal.modelStays());
    } else {
      route(found.withModel(target.get()), body, rewritten(body, place.get(), target.get()));
    }
  }

  private static Rewritten rewritten(ByteString body, ModelRewrite place, String target) {
    var name = UnsafeByteOperations.unsafeWrap(ModelRewrite.quoted(target));
    return new Rewritten(
        body.substring(0, place.from()).concat(name).concat(body.substring(place.to())));
  }

  private void route(Scanned found, ByteString body, Rewritten rewritten) {
    model = found.model();
    span.asked(found.model(), found.stream());
    var request =
        new InferenceRequest(
                identity.of(found),
                head,
                body::asReadOnlyByteBuffer,
                door.dispatch().lengths(),
                new Steering(subset, door.config().fallbacks(), patience()))
            .followedBy(span);
    pending =
        door.dispatch()
            .router()
            .route(
                request,
                result -> guarded(() -> decided(result, new Sent(request, body, rewritten))));
    if (pending.longestWait().isPositive()) {
      askForTime(pending.longestWait().plus(door.prefills().longest(found.model())));
    }
  }

  /**
   * Asks once, which is all that proxies allow for a message, and for no more than they grant: more
   * they ignore.
   */
  private void askForTime(Duration longest) {
    // In full duplex the proxy waits as long as it takes, and knows no longer.
    if (!askedForTime
        && protocol.phase() == Phase.DECIDING
        && protocol.passage() != Passage.DUPLEX) {
      askedForTime = true;
      var granted = door.config().longestWait();
      send(Answers.wait(longest.compareTo(granted) > 0 ? granted : longest));
    }
  }

  @Override
  public boolean mayPass(RequestHead answer) {
    if (pair == null || pair.mayPass(answer.asAnswer().status())) {
      return true;
    }
    if (!protocol.isPatientWithAnswers()) {
      send(Answers.wait(door.config().longestWait()));
    }
    return false;
  }

  /** A request as it goes to engines. */
  private record Sent(InferenceRequest inference, ByteString received, Rewritten rewritten) {
    ByteString body() {
      return rewritten.bytes() == null ? received : rewritten.bytes();
    }
  }

  /** In full duplex the proxy waits as long as it takes. */
  private Optional<Duration> patience() {
    return protocol.passage() == Passage.DUPLEX
        ? Optional.empty()
        : Optional.of(door.config().longestWait());
  }

  private void decided(RoutingResult result, Sent sent) {
    if (protocol.phase() != Phase.DECIDING) {
      result.abandon();
      return;
    }
    switch (result) {
      case Picked choice -> {
        chosen(choice);
        door.metrics().decided(choice.endpoint().model(), choice.profile());
        if (!head.isUpgrade() && door.prefills().concerns(choice, head.path())) {
          handOver(choice, sent);
        } else {
          routed(choice, sent.rewritten());
        }
      }
      case Unrouted unrouted -> refuse(unrouted.refusal());
    }
  }

  /** The request counts at another endpoint from now on. */
  void chosen(Picked choice) {
    picked = choice;
    door.dispatch().tell(requestId, choice);
  }

  /** Has the proxy send the request to the chosen endpoint. */
  void routed(Picked choice, Rewritten rewritten) {
    if (choice.degraded().isPresent()) {
      door.metrics().degraded();
      span.degraded(choice.degraded().get());
    }
    if (Marks.areAll(choice)
        && rewritten.bytes() == null
        && !protocol.decidesAtHead()
        && !tellsEngineOfSpan()) {
      protocol.routed(door.marks().of(choice).atBody().with(requestId));
    } else {
      protocol.routed(destination(choice, rewritten));
    }
  }

  private void handOver(Picked choice, Sent sent) {
    var body = sent.body();
    if (!roomFor(body.size(), Handover.COPIES)) {
      return;
    }
    var request =
        new PairRequest(
            sent.inference(),
            identity.shown(head),
            head.path(),
            bodyKnown ? Optional.of(Buffer.buffer(body.toByteArray())) : Optional.empty(),
            requestId);
    pair = new Pair(this, door, request, sent.rewritten());
    pair.begin(choice);
    askForTime(door.prefills().longest(choice.endpoint().model()));
  }

  private Destination destination(Picked choice, Rewritten rewritten) {
    return Destination.of(
        choice,
        door.marks(),
        followed(protocol.decidesAtHead() ? removed() : ControlHeaders.NOTHING),
        rewritten,
        requestId);
  }

  /** A proxy that makes spans tells engines of its own, whatever we say. */
  private boolean tellsEngineOfSpan() {
    return !span.equals(RequestSpan.NONE) && !span.proxyTraces();
  }

  private HeaderMutation followed(HeaderMutation changes) {
    if (!tellsEngineOfSpan()) {
      return changes;
    }
    var more = changes.toBuilder();
    span.writeTo((name, value) -> more.addSetHeaders(Answers.set(name, value)));
    return more.build();
  }

  @Override
  public void bodyTooLarge() {
    refuse(Refusal.bodyTooLarge(door.config().maxBodyBytes()));
  }

  @Override
  public HeaderMutation foreignAnswer(RequestHead answer, boolean unread) {
    pending.cancel();
    if (pair != null) {
      pair.cancel();
    }
    releaseBody();
    if (unread) {
      refuse(unsupportedMode());
    } else if (answer.asAnswer().status() == Reason.BODY_TOO_LARGE.status()) {
      refuse(Refusal.of(Reason.BODY_TOO_LARGE, "the body is larger than the proxy takes"));
    }
    span.answered(answer.asAnswer().status());
    return door.marks().seen();
  }

  @Override
  public Frame answerHead(RequestHead answer, boolean maySkip) {
    releaseBody();
    var choice = servedBy(Objects.requireNonNull(picked));
    var read = answer.asAnswer();
    status = read.status();
    choice.observation().accepted(read);
    boolean skips = maySkip && !read.tells();
    var ours = ControlHeaders.ours(answer);
    if (!skips && ours.isEmpty() && Marks.areAll(choice)) {
      return door.marks().of(choice).atAnswer().with(requestId);
    }
    var marks = AnswerMarks.of(choice, choice.endpoint(), door.marks(), requestId);
    return Frame.of(Answers.answerHead(marks.addAllRemoveHeaders(ours).build(), skips));
  }

  /** The proxy may have gone on to another endpoint than the first one we named. */
  private Picked servedBy(Picked choice) {
    var address = served.orElse(choice.endpoint().address());
    if (address.equals(choice.endpoint().address())) {
      return choice;
    }
    var after = endpointAt(choice.endpoint().model(), address).map(choice::servedBy).orElse(choice);
    picked = after;
    return after;
  }

  private Optional<RegisteredEndpoint> endpointAt(String name, String address) {
    return door.dispatch().router().snapshot().model(name).stream()
        .flatMap(fleet -> IntStream.range(0, fleet.size()).mapToObj(fleet::endpoint))
        .filter(endpoint -> endpoint.address().equals(address))
        .findFirst();
  }

  @Override
  public void answerPiece(ByteString piece, boolean last) {
    seen = last ? Seen.ALL : Seen.PART;
    if (picked != null) {
      picked.observation().received(piece.asReadOnlyByteBuffer());
    }
  }

  @Override
  public void answerTrailers() {
    seen = Seen.ALL;
  }

  @Override
  public void onlyWatched() {
    door.watched();
  }

  @Override
  public void broken(String what) {
    if (protocol.phase() == Phase.OVER) {
      return;
    }
    var refusal = Refusal.of(Reason.PROTOCOL_ERROR, what);
    span.refused(refusal.reason(), refusal.status());
    door.refusals().refused(refusal, requestId);
    over();
    breaks.accept(what);
  }

  void refuse(Refusal refusal) {
    span.refused(refusal.reason(), refusal.status());
    door.refusals().refused(refusal, requestId);
    answer(Answers.refuse(refusal, model, door.config().dialect(), requestId));
  }

  /** Answers what an engine answered us. */
  void answer(Picked choice, RegisteredEndpoint by, EngineAnswer answer) {
    span.answered(answer.status());
    answer(Answers.engineAnswer(answer, AnswerMarks.of(choice, by, door.marks(), requestId)));
  }

  private void answer(ProcessingResponse immediate) {
    releaseBody();
    protocol.answer(immediate);
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
    if (picked != null) {
      picked.reservation().release();
      picked.observation().failed();
    }
    switch (protocol.phase()) {
      case HEAD, BODY, DECIDING, WITHHELD, TAKEN_BACK -> refuse(Refusal.internalError());
      case ROUTED, FOREIGN, ANSWERED, OVER -> {}
    }
  }

  /** The exchange between client and engine ended, however it did. */
  void over() {
    protocol.over();
    pending.cancel();
    if (pair != null) {
      pair.cancel();
    }
    releaseBody();
    if (picked != null) {
      picked.reservation().release();
      observeEnd(picked.observation());
    }
    span.end();
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
