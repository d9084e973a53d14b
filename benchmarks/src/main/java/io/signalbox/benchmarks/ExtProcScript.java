package io.signalbox.benchmarks;

import com.google.protobuf.ByteString;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.signalbox.envoy.extproc.v3.BodySendMode;
import io.signalbox.envoy.extproc.v3.ProcessingRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * The messages of one exchange, framed as gRPC frames them, in the steps in which Envoy sends them:
 * each when the one before was answered.
 *
 * @param name for reports
 */
record ExtProcScript(String name, List<Step> steps) {
  /** Events of a streamed answer. */
  static final int EVENTS = 32;

  private static final int PIECE_BYTES = 64 * 1024;
  private static final String EVENT =
      "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,"
          + "\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" word\"}}]}\n\n";

  /**
   * Messages that are sent together.
   *
   * @param tag of the first byte of the answer: which field of the response it is
   * @param answers how many answers there are at least
   * @param bytes how many bytes the answers have at least
   */
  record Step(ByteBuf messages, int tag, int answers, int bytes) {}

  private static final int REQUEST_HEADERS = 1 << 3 | 2;
  private static final int RESPONSE_HEADERS = 2 << 3 | 2;
  private static final int REQUEST_BODY = 3 << 3 | 2;
  private static final int RESPONSE_BODY = 4 << 3 | 2;

  /** Envoy collects the body; answers to clients pass without theirs. */
  static ExtProcScript buffered(int bodyBytes) {
    return new ExtProcScript(
        "buffered, body of " + bodyBytes / 1024 + " KiB", request(bodyBytes, BodySendMode.NONE));
  }

  private static List<Step> request(int bodyBytes, BodySendMode answers) {
    return List.of(
        new Step(
            framed(ExtProcMessages.requestHeaders(bodyBytes, BodySendMode.BUFFERED, answers)),
            REQUEST_HEADERS,
            1,
            0),
        new Step(
            framed(ExtProcMessages.requestBody(RequestBodies.chat(bodyBytes))), REQUEST_BODY, 1, 0),
        new Step(
            framed(ExtProcMessages.responseHeaders("application/json")), RESPONSE_HEADERS, 1, 0));
  }

  /** The same, and {@value #EVENTS} events of a streamed answer, each a piece of its body. */
  static ExtProcScript allPhases(int bodyBytes) {
    var steps = new ArrayList<>(request(bodyBytes, BodySendMode.STREAMED).subList(0, 2));
    steps.add(
        new Step(
            framed(ExtProcMessages.responseHeaders("text/event-stream")), RESPONSE_HEADERS, 1, 0));
    var events = Unpooled.directBuffer();
    for (int i = 0; i < EVENTS; i++) {
      append(events, ExtProcMessages.responseBody(EVENT, i == EVENTS - 1));
    }
    steps.add(new Step(events.asReadOnly(), RESPONSE_BODY, EVENTS, 0));
    return new ExtProcScript(
        "all phases, body of " + bodyBytes / 1024 + " KiB, " + EVENTS + " events", steps);
  }

  /** The body comes in pieces, and goes back. */
  static ExtProcScript fullDuplex(int bodyBytes) {
    var request =
        append(
            Unpooled.directBuffer(),
            ExtProcMessages.requestHeaders(
                bodyBytes, BodySendMode.FULL_DUPLEX_STREAMED, BodySendMode.NONE));
    var body = ByteString.copyFromUtf8(RequestBodies.chat(bodyBytes));
    for (int from = 0; from < body.size(); from += PIECE_BYTES) {
      int to = Math.min(body.size(), from + PIECE_BYTES);
      append(request, ExtProcMessages.requestBody(body.substring(from, to), to == body.size()));
    }
    return new ExtProcScript(
        "full duplex, body of " + bodyBytes / 1024 + " KiB",
        List.of(
            new Step(request.asReadOnly(), REQUEST_HEADERS, 2, body.size()),
            new Step(
                framed(ExtProcMessages.responseHeaders("application/json")),
                RESPONSE_HEADERS,
                1,
                0)));
  }

  private static ByteBuf framed(ProcessingRequest message) {
    return append(Unpooled.directBuffer(), message).asReadOnly();
  }

  private static ByteBuf append(ByteBuf frames, ProcessingRequest message) {
    var bytes = message.toByteArray();
    return frames.writeByte(0).writeInt(bytes.length).writeBytes(bytes);
  }
}
