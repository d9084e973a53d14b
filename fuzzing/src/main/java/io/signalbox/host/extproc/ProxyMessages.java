package io.signalbox.host.extproc;

import io.signalbox.envoy.extproc.v3.ProcessingRequest;
import io.vertx.core.buffer.Buffer;
import io.vertx.grpc.common.CodecException;
import io.vertx.grpc.common.GrpcMessage;
import java.util.Optional;

/** Messages as they come from a proxy. */
final class ProxyMessages {
  private static final MessageReader READER = new MessageReader();

  private ProxyMessages() {}

  /** What the host reads; empty where it refuses. */
  static Optional<ProcessingRequest> read(byte[] message) {
    try {
      return Optional.of(READER.decode(GrpcMessage.message("identity", Buffer.buffer(message))));
    } catch (CodecException e) {
      return Optional.empty();
    }
  }
}
