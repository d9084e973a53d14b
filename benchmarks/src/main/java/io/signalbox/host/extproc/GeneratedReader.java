package io.signalbox.host.extproc;

import com.google.protobuf.UnsafeByteOperations;
import io.signalbox.envoy.extproc.v3.ProcessingRequest;
import io.vertx.grpc.common.CodecException;
import io.vertx.grpc.common.GrpcMessage;
import io.vertx.grpc.common.GrpcMessageDecoder;
import io.vertx.grpc.common.WireFormat;
import java.io.IOException;

/** Reads Envoy's messages with the generated classes, which copy no bodies out of them. */
final class GeneratedReader implements GrpcMessageDecoder<ProcessingRequest> {
  @Override
  public ProcessingRequest decode(GrpcMessage message) throws CodecException {
    var input = UnsafeByteOperations.unsafeWrap(message.payload().getBytes()).newCodedInput();
    input.enableAliasing(true);
    try {
      var request = ProcessingRequest.parseFrom(input);
      input.checkLastTagWas(0);
      return request;
    } catch (IOException e) {
      throw new CodecException(e);
    }
  }

  @Override
  public boolean accepts(WireFormat format) {
    return format == WireFormat.PROTOBUF;
  }
}
