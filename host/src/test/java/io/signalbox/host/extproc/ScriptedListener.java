package io.signalbox.host.extproc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import io.signalbox.envoy.extproc.v3.HeaderMutation;
import io.signalbox.envoy.extproc.v3.Metadata;
import io.signalbox.envoy.extproc.v3.ProcessingRequest;
import io.signalbox.envoy.extproc.v3.ProcessingResponse;
import io.signalbox.host.config.Dialect;
import io.signalbox.host.extproc.Protocol.Passage;
import io.signalbox.host.request.Refusal;
import io.signalbox.host.telemetry.Reason;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A listener that does what a test wants, and writes down everything in few words. */
final class ScriptedListener implements Protocol.Listener {
  /** What becomes of a request. */
  enum Plan {
    /** Its body is read, and it is routed. */
    READ,
    /** Its body is read, and it is routed later, by {@link #decide}. */
    READ_LATER,
    /** It is routed without its body. */
    BY_HEADERS,
    /** The same, later. */
    BY_HEADERS_LATER,
    /** It is refused. */
    REFUSE
  }

  static final HeaderMutation MARK =
      HeaderMutation.newBuilder().addSetHeaders(Answers.set("mark", "1")).build();

  static final int MAX_BODY_BYTES = 1_000_000;

  final List<String> log = new ArrayList<>();
  final List<ProcessingResponse> sent = new ArrayList<>();
  private final Protocol protocol;
  private final Plan plan;
  private final @Nullable ByteString rewritten;
  private boolean reads = true;
  private boolean passes = true;
  private ByteString body = ByteString.EMPTY;
  private ByteString answer = ByteString.EMPTY;

  ScriptedListener(Plan plan) {
    this(plan, null);
  }

  ScriptedListener(Plan plan, @Nullable ByteString rewritten) {
    this.plan = plan;
    this.rewritten = rewritten;
    this.protocol = new Protocol(this, MAX_BODY_BYTES, Passage.BUFFERED);
  }

  /** From now on bodies of answers are of no use. */
  void readsNoAnswers() {
    reads = false;
  }

  /** From now on answers pass when {@link #letPass} is called. */
  void withholdsAnswers() {
    passes = false;
  }

  void letPass() {
    passes = true;
    protocol.letPass();
  }

  void takeBack() {
    passes = false;
    log.add(protocol.takeBack() ? "(taken back)" : "(too late)");
  }

  /** Answers in the engine's stead. */
  void answerItself() {
    refuse(Reason.INTERNAL_ERROR);
  }

  Protocol protocol() {
    return protocol;
  }

  /** What came of the request's body when it was complete. */
  ByteString body() {
    return body;
  }

  /** What came of the answer's body. */
  ByteString answer() {
    return answer;
  }

  void take(ProcessingRequest message) {
    protocol.message(Messages.read(message));
  }

  /** What was said since the last time. */
  List<String> news() {
    var news = List.copyOf(log);
    log.clear();
    return news;
  }

  void decide() {
    protocol.routed(
        new Destination(
            HeaderMutation.getDefaultInstance(), Struct.getDefaultInstance(), rewritten));
  }

  private void refuse(Reason reason) {
    protocol.answer(Answers.refuse(Refusal.of(reason, "test"), null, Dialect.BOTH, "id"));
  }

  @Override
  public void send(Frame frame) {
    var message = Messages.of(frame);
    sent.add(message);
    log.add(Messages.words(message));
  }

  @Override
  public void metadata(Metadata metadata) {
    log.add("(metadata)");
  }

  @Override
  public void requestHead(RequestHead head, boolean last) {
    switch (plan) {
      case READ, READ_LATER -> {
        if (protocol.passage() == Passage.UNREADABLE) {
          refuse(Reason.UNSUPPORTED_BODY_MODE);
        } else if (last) {
          refuse(Reason.MISSING_MODEL);
        } else {
          protocol.read(HeaderMutation.getDefaultInstance());
        }
      }
      case BY_HEADERS -> decide();
      case BY_HEADERS_LATER -> {}
      case REFUSE -> refuse(Reason.BAD_REQUEST);
    }
  }

  @Override
  public boolean roomFor(int bytes) {
    return true;
  }

  /** Like a body of one brace. */
  @Override
  public boolean isComplete(ByteString text) {
    log.add("(complete?)");
    return text.size() == 1;
  }

  /** Like a body whose model comes first. */
  @Override
  public boolean knowsEnough(ByteString beginning) {
    log.add("(enough?)");
    return beginning.byteAt(0) == 'm';
  }

  @Override
  public void requestBody(ByteString whole, boolean isWhole) {
    body = whole;
    log.add("(body " + whole.size() + (isWhole ? ")" : " cut)"));
    if (plan == Plan.READ) {
      decide();
    }
  }

  @Override
  public void bodyTooLarge() {
    refuse(Reason.BODY_TOO_LARGE);
  }

  @Override
  public HeaderMutation foreignAnswer(RequestHead head, boolean unread) {
    if (unread) {
      refuse(Reason.UNSUPPORTED_BODY_MODE);
    }
    return HeaderMutation.getDefaultInstance();
  }

  @Override
  public boolean mayPass(RequestHead head) {
    if (!passes) {
      log.add("(not yet)");
    }
    return passes;
  }

  @Override
  public Frame answerHead(RequestHead head, boolean maySkip) {
    return Frame.of(Answers.answerHead(MARK, maySkip && !reads));
  }

  @Override
  public void answerPiece(ByteString piece, boolean last) {
    answer = answer.concat(piece);
  }

  @Override
  public void answerTrailers() {}

  @Override
  public void onlyWatched() {
    log.add("(watched)");
  }

  @Override
  public void broken(String what) {
    log.add("(broken)");
    protocol.over();
  }
}
