package io.signalbox.host.extproc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.signalbox.envoy.extproc.v3.ProcessingRequest;
import io.signalbox.fuzzing.FuzzTarget;
import java.util.Optional;

/**
 * Messages of proxies: our reader refuses those that the generated classes refuse, and sees in the
 * others what it sees when these have read them and written them anew.
 */
public final class MessageTarget implements FuzzTarget {
  @Override
  public void check(byte[] message) {
    assertThat(ProxyMessages.read(message).map(ProxyMessages::seen))
        .isEqualTo(writtenAnew(message).flatMap(ProxyMessages::read).map(ProxyMessages::seen));
  }

  private static Optional<byte[]> writtenAnew(byte[] message) {
    try {
      return Optional.of(ProcessingRequest.parseFrom(message).toByteArray());
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
  }
}
