package io.signalbox.host.extproc;

import com.google.protobuf.ByteString;
import io.signalbox.envoy.extproc.v3.BodySendMode;
import io.signalbox.envoy.extproc.v3.HeaderMutation;
import io.signalbox.envoy.extproc.v3.Metadata;
import io.signalbox.envoy.extproc.v3.ProcessingResponse;
import io.signalbox.host.extproc.Answers.Side;
import io.signalbox.host.extproc.ProxyMessage.Body;
import io.signalbox.host.extproc.ProxyMessage.Headers;
import io.signalbox.host.extproc.ProxyMessage.Modes;
import io.signalbox.host.extproc.ProxyMessage.Nothing;
import io.signalbox.host.extproc.ProxyMessage.Part;
import io.signalbox.host.extproc.ProxyMessage.RequestBody;
import io.signalbox.host.extproc.ProxyMessage.RequestHeaders;
import io.signalbox.host.extproc.ProxyMessage.RequestTrailers;
import io.signalbox.host.extproc.ProxyMessage.ResponseBody;
import io.signalbox.host.extproc.ProxyMessage.ResponseHeaders;
import io.signalbox.host.extproc.ProxyMessage.ResponseTrailers;
import java.util.ArrayDeque;
import java.util.List;

/**
 * The external-processing protocol of one HTTP request: which message may come when, and which
 * answers it is owed. Knows nothing of what requests mean, which a {@link Listener} does; no time,
 * no transport, no threads.
 */
final class Protocol {
  /*
   * Requests, by how the listener's mode lets the body pass (Passage):
   *
   * phase     message            BUFFERED, BEGINNING,    HELD                     DUPLEX
   *                              ON_DEMAND
   * HEAD      request_headers    asks the listener, which refuses it, decides without the body, or reads
   *           it: then           answered at once        (answer held back)       (answer held back)
   * BODY      request_body       is all there is: asks   collects; asks at the    collects; asks at the
   *                              the listener            end, once it is whole,   end
   *                                                      or says enough
   * BODY      request_trailers   ends the body: asks the listener
   * DECIDING  request_body       breaks                  is owed an answer        breaks
   * DECIDING  request_trailers   are owed an answer
   * DECIDING  (routed)           answer to the body      answers to the headers   answer to the headers,
   *                              carries the decision    and to each piece        then the body in slices
   * ROUTED    request_body       untouched: a body that is not read, or no longer, is let through
   * ROUTED    request_trailers   untouched
   *
   * Answers to clients:
   *
   * HEAD      response_headers   untouched, and so is the rest: an answer that is not of our request (FOREIGN)
   * BODY, DECIDING               the same, unless the listener has a better one: the proxy answers itself
   * ROUTED                       with the listener's headers; the body and the trailers untouched. Where the
   *                              listener does not let it pass yet, all of it is WITHHELD until it does
   * TAKEN_BACK                   dropped: the listener answers itself, when it can
   * ANSWERED, OVER               whatever comes was sent before the proxy knew, and is left
   *
   * Any other message breaks the protocol. A body that comes in slices goes back in slices, the last of
   * which ends it unless trailers do.
   */
  enum Phase {
    HEAD,
    BODY,
    DECIDING,
    ROUTED,
    /** An answer is here that the listener does not let pass yet. */
    WITHHELD,
    /** The engine's answer is not wanted any more: the listener has another one, or will. */
    TAKEN_BACK,
    /** An answer passes that no decision of ours led to. */
    FOREIGN,
    /** We answered in the engine's stead. */
    ANSWERED,
    OVER
  }

  /** How the body of a request comes to us, and where the decision travels. */
  enum Passage {
    /** Whole, after the headers were answered; the decision is in the answer to it. */
    BUFFERED,
    /** Likewise, but cut where it is larger than the proxy's buffer. */
    BEGINNING,
    /** In pieces, while the answer to the headers, which carries the decision, is held back. */
    HELD,
    /** In pieces that are ours to send back, after the answer to the headers. */
    DUPLEX,
    /** Not unless we ask for it; then as {@link #BUFFERED}, where the proxy allows it. */
    ON_DEMAND,
    /** In a way that no decision can ride on. */
    UNREADABLE
  }

  /** What a message means, and what becomes of the exchange. */
  interface Listener {
    /** Sends a message to the proxy. */
    void send(Frame message);

    /**
     * What the proxy knows about the exchange, beside the headers; comes before what it is with.
     */
    void metadata(Metadata metadata);

    /**
     * A request begins. Ends in {@link #read}, {@link #routed} or {@link #answer}, now or later.
     *
     * @param last whether it has no body
     */
    void requestHead(RequestHead head, boolean last);

    /** Whether so many more bytes of a body may be kept; where not, it was answered. */
    boolean roomFor(int bytes);

    /** Whether a body is complete, though nobody said so; asked where trailers may follow. */
    boolean isComplete(ByteString body);

    /**
     * Whether the beginning of a body says enough to decide on; asked where waiting may be vain.
     */
    boolean knowsEnough(ByteString beginning);

    /**
     * The body is here. Ends in {@link #routed} or {@link #answer}, now or later.
     *
     * @param whole false where it may have been cut
     */
    void requestBody(ByteString body, boolean whole);

    /** The body, as far as it has come, has more bytes than is allowed. */
    void bodyTooLarge();

    /**
     * An answer comes that is not an engine's to this request; nobody needs a decision any more.
     * May end in {@link #answer}; else it passes.
     *
     * @param unread whether the body was asked for, and did not come
     * @return what is changed of its headers
     */
    HeaderMutation foreignAnswer(RequestHead head, boolean unread);

    /**
     * Whether the answer to what was routed may pass; never where that was taken back. If not,
     * {@link #letPass} or {@link #answer} follows, later.
     */
    boolean mayPass(RequestHead head);

    /**
     * The engine's answer begins.
     *
     * @param maySkip whether the proxy can be told that the listener has no use for the body
     * @return what the proxy is told
     */
    Frame answerHead(RequestHead head, boolean maySkip);

    /** A piece of the engine's answer, which may be empty. */
    void answerPiece(ByteString piece, boolean last);

    /** The engine's answer ended with trailers. */
    void answerTrailers();

    /** The proxy does not wait for us, whatever we say. */
    void onlyWatched();

    /** A message came that may not. */
    void broken(String what);
  }

  /** Smaller bodies are waited for in {@link Passage#HELD}: every proxy buffers so much. */
  static final int ENOUGH_BYTES = 64 * 1024;

  /** Each reads the body from its beginning. */
  private static final int MAX_GUESSES = 8;

  private final Listener listener;
  private final int maxBodyBytes;
  private Phase phase = Phase.HEAD;
  private Passage passage;
  private boolean duplexAnswers;
  private boolean skipsAnswerBodies;
  private ByteString body = ByteString.EMPTY;
  private boolean reading;
  private boolean bodyEnded;
  private boolean trailersOwed;
  private int piecesOwed;
  private long enoughBytes = ENOUGH_BYTES;
  private int guesses;
  private BodySendMode answerMode = BodySendMode.NONE;
  private boolean answerBegun;
  private final ArrayDeque<Part> withheld = new ArrayDeque<>(0);

  /**
   * The protocol from its beginning.
   *
   * @param untold how bodies pass where the proxy does not tell
   */
  Protocol(Listener listener, int maxBodyBytes, Passage untold) {
    this.listener = listener;
    this.maxBodyBytes = maxBodyBytes;
    this.passage = untold;
    this.duplexAnswers = untold == Passage.DUPLEX;
  }

  Phase phase() {
    return phase;
  }

  Passage passage() {
    return passage;
  }

  /** Whether the decision travels in the answer to the request's headers. */
  boolean decidesAtHead() {
    return !reading || passage == Passage.HELD || passage == Passage.DUPLEX;
  }

  /** Whether the proxy waits for what we say of an answer as long as it takes. */
  boolean isPatientWithAnswers() {
    return duplexAnswers;
  }

  /** Whether there is nothing to say any more. */
  private boolean isDone() {
    return phase == Phase.ANSWERED || phase == Phase.OVER;
  }

  /** Takes a message from the proxy. */
  void message(ProxyMessage message) {
    if (isDone()) {
      return;
    }
    if (message.watched()) {
      phase = Phase.OVER;
      listener.onlyWatched();
      return;
    }
    if (message.modes() != null) {
      configured(message.modes());
    }
    if (message.metadata() != null) {
      listener.metadata(message.metadata());
    }
    take(message.part());
  }

  private void take(Part part) {
    switch (part) {
      case RequestHeaders(var headers) -> requestHeaders(headers);
      case RequestBody(var piece) -> requestBody(piece);
      case RequestTrailers _ -> requestTrailers();
      case ResponseHeaders head -> responseHeaders(head);
      case ResponseBody piece -> responseBody(piece);
      case ResponseTrailers trailers -> responseTrailers(trailers);
      case Nothing _ -> broken("a message without content");
    }
  }

  /** The first message tells the modes of the listener. */
  private void configured(Modes modes) {
    passage =
        switch (modes.request()) {
          case NONE -> Passage.ON_DEMAND;
          case BUFFERED -> Passage.BUFFERED;
          case BUFFERED_PARTIAL -> Passage.BEGINNING;
          case STREAMED -> modes.heldHead() ? Passage.HELD : Passage.UNREADABLE;
          case FULL_DUPLEX_STREAMED -> Passage.DUPLEX;
          case GRPC, UNRECOGNIZED -> Passage.UNREADABLE;
        };
    answerMode = modes.response();
    duplexAnswers = answerMode == BodySendMode.FULL_DUPLEX_STREAMED;
    skipsAnswerBodies = answerMode == BodySendMode.STREAMED || answerMode == BodySendMode.BUFFERED;
  }

  private void requestHeaders(Headers headers) {
    if (phase != Phase.HEAD) {
      broken("request headers twice");
      return;
    }
    phase = Phase.DECIDING;
    bodyEnded = headers.last();
    listener.requestHead(headers.head(), headers.last());
  }

  /**
   * The body is needed for the decision. Not in a passage that is {@link Passage#UNREADABLE}.
   *
   * @param changes of the request's headers that do not wait for the decision
   */
  void read(HeaderMutation changes) {
    phase = Phase.BODY;
    reading = true;
    switch (passage) {
      case BUFFERED, BEGINNING -> send(Answers.goOn(changes));
      case ON_DEMAND -> send(Answers.demandBody(changes, answerMode));
      case HELD, DUPLEX -> {}
      case UNREADABLE -> throw new IllegalStateException("no body comes in this mode");
    }
  }

  private void requestBody(Body part) {
    switch (phase) {
      case BODY -> collect(part);
      case DECIDING, ROUTED, WITHHELD, TAKEN_BACK -> later(part);
      case HEAD -> broken("a request body before the headers");
      // The proxy answered itself while this was on its way.
      case FOREIGN, ANSWERED, OVER -> {}
    }
  }

  private void collect(Body part) {
    if (!keep(part.bytes())) {
      return;
    }
    switch (passage) {
      case BUFFERED, ON_DEMAND -> complete(true);
      case BEGINNING -> complete(part.last());
      case DUPLEX -> {
        if (part.last()) {
          complete(true);
        }
      }
      case HELD -> held(part.last());
      case UNREADABLE -> broken("a request body that nobody asked for");
    }
  }

  /**
   * Keeps a piece of the body; false where that went beyond a limit, and the request was answered.
   */
  private boolean keep(ByteString piece) {
    if ((long) body.size() + piece.size() > maxBodyBytes) {
      listener.bodyTooLarge();
      return false;
    }
    if (!listener.roomFor(piece.size())) {
      return false;
    }
    body = body.concat(piece);
    return true;
  }

  private void held(boolean last) {
    piecesOwed++;
    if (last) {
      complete(true);
    } else if (mayBeComplete() && listener.isComplete(body)) {
      phase = Phase.DECIDING;
      listener.requestBody(body, true);
    } else if (body.size() >= enoughBytes) {
      // Whoever looks again looks at all of it, so it is done seldom.
      enoughBytes = 2L * body.size();
      if (listener.knowsEnough(body)) {
        phase = Phase.DECIDING;
        listener.requestBody(body, false);
      }
    }
  }

  /** Trailers come only after the pieces before them were answered; so an end must be guessed. */
  private boolean mayBeComplete() {
    return !body.isEmpty()
        && (body.byteAt(body.size() - 1) == '}' || body.byteAt(body.size() - 1) == '\n')
        && guesses++ < MAX_GUESSES;
  }

  private void complete(boolean whole) {
    bodyEnded = true;
    phase = Phase.DECIDING;
    listener.requestBody(body, whole);
  }

  /** A piece that the decision does not wait for. */
  private void later(Body part) {
    if (bodyEnded) {
      broken("a request body after its end");
      return;
    }
    bodyEnded = part.last();
    if (phase != Phase.DECIDING) {
      passOn(part.bytes());
    } else {
      piecesOwed++;
      // What is to be echoed must be kept until then.
      if (passage == Passage.DUPLEX) {
        var _ = keep(part.bytes());
      }
    }
  }

  private void passOn(ByteString piece) {
    if (passage == Passage.DUPLEX) {
      slices(Side.REQUEST, piece, bodyEnded);
    } else {
      send(Answers.REQUEST_BODY_UNTOUCHED);
    }
  }

  private void requestTrailers() {
    switch (phase) {
      case BODY -> {
        trailersOwed = true;
        complete(true);
      }
      case DECIDING -> {
        trailersOwed = true;
        bodyEnded = true;
      }
      case ROUTED, WITHHELD, TAKEN_BACK -> send(Answers.REQUEST_TRAILERS_UNTOUCHED);
      case HEAD -> broken("request trailers before the headers");
      case FOREIGN, ANSWERED, OVER -> {}
    }
  }

  /** The request goes where the decision says. */
  void routed(Destination destination) {
    phase = Phase.ROUTED;
    if (!reading) {
      send(Answers.routeByHeaders(destination, passes() && !bodyEnded));
      passKept(body);
    } else {
      switch (passage) {
        case BUFFERED, BEGINNING, ON_DEMAND -> send(Answers.routeByBody(destination));
        case HELD -> {
          send(Answers.routeByHeaders(destination, false));
          answerOwed(destination);
        }
        case DUPLEX -> {
          send(Answers.routeByHeaders(destination, false));
          passKept(destination.bodyOr(body));
        }
        case UNREADABLE -> throw new IllegalStateException("no body comes in this mode");
      }
    }
    bodyRouted();
  }

  /**
   * The same, where the body was read and the decision does not travel {@linkplain #decidesAtHead
   * with the headers}.
   *
   * @param answer to the body
   */
  void routed(Frame answer) {
    phase = Phase.ROUTED;
    send(answer);
    bodyRouted();
  }

  private void bodyRouted() {
    body = ByteString.EMPTY;
    if (trailersOwed) {
      send(Answers.REQUEST_TRAILERS_UNTOUCHED);
    }
  }

  /** Whether the proxy would hold a body back, or send it, that nobody reads. */
  private boolean passes() {
    return passage == Passage.BUFFERED || passage == Passage.BEGINNING;
  }

  private void passKept(ByteString kept) {
    if (passage == Passage.DUPLEX) {
      boolean last = bodyEnded && !trailersOwed;
      if (reading || piecesOwed > 0) {
        slices(Side.REQUEST, kept, last);
      }
    } else {
      for (; piecesOwed > 0; piecesOwed--) {
        send(Answers.REQUEST_BODY_UNTOUCHED);
      }
    }
  }

  /** A body that is rewritten goes in the place of the first piece, and the others are emptied. */
  private void answerOwed(Destination destination) {
    for (boolean first = true; piecesOwed > 0; piecesOwed--, first = false) {
      send(Answers.pieceOf(destination, first));
    }
  }

  /** Answers the client in the engine's stead. */
  void answer(ProcessingResponse immediate) {
    phase = Phase.ANSWERED;
    body = ByteString.EMPTY;
    withheld.clear();
    send(immediate);
  }

  /**
   * The engine's answer is not wanted any more; {@link #answer} follows, later.
   *
   * @return false where it is too late for that
   */
  boolean takeBack() {
    boolean inTime = phase == Phase.WITHHELD || (phase == Phase.ROUTED && !answerBegun);
    if (inTime) {
      phase = Phase.TAKEN_BACK;
      withheld.clear();
    }
    return inTime;
  }

  /** What was withheld is taken as if it came now. */
  void letPass() {
    if (phase == Phase.WITHHELD) {
      phase = Phase.ROUTED;
      answerBegun = false;
      var all = List.copyOf(withheld);
      withheld.clear();
      for (var part : all) {
        if (!isDone()) {
          take(part);
        }
      }
    }
  }

  private void responseHeaders(ResponseHeaders part) {
    var headers = part.headers();
    switch (phase) {
      case ROUTED, TAKEN_BACK -> {
        if (answerBegun) {
          broken("response headers twice");
          return;
        }
        answerBegun = true;
        if (!listener.mayPass(headers.head())) {
          withhold(part);
          return;
        }
        boolean maySkip = skipsAnswerBodies && !headers.last();
        send(listener.answerHead(headers.head(), maySkip));
      }
      case HEAD, BODY, DECIDING -> {
        boolean unread = phase == Phase.BODY && passage == Passage.ON_DEMAND;
        phase = Phase.FOREIGN;
        body = ByteString.EMPTY;
        var changes = listener.foreignAnswer(headers.head(), unread);
        if (phase == Phase.FOREIGN) {
          send(Answers.answerHead(changes, false));
        }
      }
      case WITHHELD, FOREIGN -> broken("response headers twice");
      case ANSWERED, OVER -> {}
    }
  }

  private void withhold(Part part) {
    if (phase != Phase.TAKEN_BACK) {
      phase = Phase.WITHHELD;
      withheld.add(part);
    }
  }

  private void responseBody(ResponseBody message) {
    var part = message.body();
    if (isWithheld()) {
      if (phase == Phase.TAKEN_BACK || listener.roomFor(part.bytes().size())) {
        withhold(message);
      }
      return;
    }
    if (!answers()) {
      broken("a response body in phase " + phase);
      return;
    }
    // Also where the proxy does not send the headers.
    answerBegun = true;
    if (duplexAnswers) {
      slices(Side.RESPONSE, part.bytes(), part.last());
    } else {
      send(Answers.RESPONSE_BODY_UNTOUCHED);
    }
    if (phase == Phase.ROUTED) {
      listener.answerPiece(part.bytes(), part.last());
    }
  }

  private void responseTrailers(ResponseTrailers message) {
    if (isWithheld()) {
      withhold(message);
      return;
    }
    if (!answers()) {
      broken("response trailers in phase " + phase);
      return;
    }
    send(Answers.RESPONSE_TRAILERS_UNTOUCHED);
    if (phase == Phase.ROUTED) {
      listener.answerTrailers();
    }
  }

  /** Whether an answer is here that does not pass. */
  private boolean isWithheld() {
    return phase == Phase.WITHHELD || phase == Phase.TAKEN_BACK;
  }

  private boolean answers() {
    return phase == Phase.ROUTED || phase == Phase.FOREIGN;
  }

  /** Sends bytes back as they came; nothing where there are none and nothing ends. */
  private void slices(Side side, ByteString bytes, boolean last) {
    int from = 0;
    while (from < bytes.size()) {
      int to = Math.min(from + Answers.MAX_SLICE_BYTES, bytes.size());
      send(Answers.slice(side, bytes.substring(from, to), last && to == bytes.size()));
      from = to;
    }
    if (bytes.isEmpty() && last) {
      send(Answers.slice(side, bytes, true));
    }
  }

  private void send(ProcessingResponse message) {
    send(Frame.of(message));
  }

  private void send(Frame message) {
    listener.send(message);
  }

  private void broken(String what) {
    listener.broken(what);
  }

  /** Nothing comes any more, or nothing of it matters. */
  void over() {
    phase = Phase.OVER;
    body = ByteString.EMPTY;
    withheld.clear();
  }
}
