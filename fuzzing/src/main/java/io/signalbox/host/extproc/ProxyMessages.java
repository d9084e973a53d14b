package io.signalbox.host.extproc;

import com.google.protobuf.InvalidProtocolBufferException;
import io.signalbox.envoy.extproc.v3.Metadata;
import io.signalbox.envoy.extproc.v3.ProcessingResponse;
import io.signalbox.host.extproc.ProxyMessage.Headers;
import java.util.List;
import java.util.Optional;

/** Messages as they come from a proxy, and as they go to it. */
final class ProxyMessages {
  private ProxyMessages() {}

  /** What the host reads; empty where it refuses. */
  static Optional<ProxyMessage> read(byte[] message) {
    try {
      return Optional.of(MessageReader.read(message, 0, message.length));
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
  }

  /** All that the host sees of a message. */
  static List<Object> seen(ProxyMessage message) {
    return List.of(
        Optional.ofNullable(message.modes()),
        Optional.ofNullable(message.metadata()).map(Metadata::getFilterMetadataMap),
        message.watched(),
        switch (message.part()) {
          case ProxyMessage.RequestHeaders(var headers) -> List.of("request", seen(headers));
          case ProxyMessage.ResponseHeaders(var headers) -> List.of("response", seen(headers));
          case ProxyMessage.RequestBody body -> body;
          case ProxyMessage.ResponseBody body -> body;
          case ProxyMessage.RequestTrailers trailers -> trailers;
          case ProxyMessage.ResponseTrailers trailers -> trailers;
          case ProxyMessage.Nothing nothing -> nothing;
        });
  }

  private static List<Object> seen(Headers headers) {
    var head = headers.head();
    return List.of(
        Optional.ofNullable(head.first(":method")),
        head.path(),
        head.asAnswer(),
        head.all(),
        headers.last());
  }

  /** The message in one of the host's frames. */
  static ProcessingResponse of(Frame frame) {
    try {
      return ProcessingResponse.parseFrom(frame.message());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError("the host sends a broken message", e);
    }
  }
}
