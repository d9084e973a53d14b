package io.signalbox.host.extproc;

import com.google.protobuf.ByteString;
import io.signalbox.envoy.extproc.v3.BodySendMode;
import io.signalbox.envoy.extproc.v3.Metadata;
import org.jspecify.annotations.Nullable;

/**
 * What the proxy says at one point of an HTTP exchange: what matters to us of a {@code
 * ProcessingRequest}. Bytes stay where they were received.
 *
 * @param modes null where it does not tell them, as it does in the first message
 * @param metadata null where there is none
 * @param watched whether the proxy does not wait for answers: {@code observability_mode}
 */
record ProxyMessage(
    @Nullable Modes modes, @Nullable Metadata metadata, boolean watched, Part part) {
  /**
   * How the listener sends bodies.
   *
   * @param heldHead whether bodies come before the headers are answered
   */
  record Modes(BodySendMode request, BodySendMode response, boolean heldHead) {}

  /** Headers, and whether nothing follows them. */
  record Headers(RequestHead head, boolean last) {}

  /** All of a body or a piece of it, and whether nothing follows. */
  record Body(ByteString bytes, boolean last) {}

  /** What the exchange has come to. */
  sealed interface Part {
    Part REQUEST_TRAILERS = new RequestTrailers();
    Part RESPONSE_TRAILERS = new ResponseTrailers();
    Part NOTHING = new Nothing();
  }

  record RequestHeaders(Headers headers) implements Part {}

  record RequestBody(Body body) implements Part {}

  record RequestTrailers() implements Part {}

  record ResponseHeaders(Headers headers) implements Part {}

  record ResponseBody(Body body) implements Part {}

  record ResponseTrailers() implements Part {}

  /** A message without content, or with that of a later protocol. */
  record Nothing() implements Part {}
}
