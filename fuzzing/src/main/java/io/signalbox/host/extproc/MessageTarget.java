package io.signalbox.host.extproc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.signalbox.envoy.extproc.v3.ProcessingRequest;
import io.signalbox.fuzzing.FuzzTarget;
import java.util.Optional;

/** Messages of proxies: what our reader makes of them, beside the generated classes. */
public final class MessageTarget implements FuzzTarget {
  @Override
  public void check(byte[] message) {
    assertThat(ProxyMessages.read(message)).isEqualTo(generated(message));
  }

  private static Optional<ProcessingRequest> generated(byte[] message) {
    try {
      return Optional.of(ProcessingRequest.parseFrom(message));
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
  }
}
