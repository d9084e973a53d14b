package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.signalbox.envoy.extproc.v3.ImmediateResponse;
import io.signalbox.envoy.extproc.v3.ProcessingResponse.ResponseCase;
import io.signalbox.envoy.extproc.v3.StreamedBodyResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/** What one ext_proc stream, and all of them, may hold. */
@ExtendWith(BlockedLoops.class)
@TestInstance(Lifecycle.PER_CLASS)
final class ExtProcBoundsIT {
  private static final int MIB = 1024 * 1024;
  private static final int PIECE_BYTES = 64 * 1024;

  private RunningHost host;
  private ExtProcClient client;

  @BeforeAll
  void start() {
    host =
        RunningHost.start(
            RunningHost.Ports.free(),
            RunningHost.models(List.of("127.0.0.1:1")),
            Map.of("ext-proc: {", "ext-proc: {max-body-size: 12MiB, max-buffered-size: 16MiB, "));
    client = new ExtProcClient(host.ports().extProc());
  }

  @AfterAll
  void stop() {
    client.close();
    host.close();
  }

  private ExtProcClient.Stream open() {
    var stream = client.open();
    stream.send(ExtProcClient.inDuplex(ExtProcClient.headers("POST", Client.CHAT)));
    return stream;
  }

  private static void send(ExtProcClient.Stream stream, ByteString body, boolean ends) {
    for (int from = 0; from < body.size(); from += PIECE_BYTES) {
      int to = Math.min(body.size(), from + PIECE_BYTES);
      stream.send(ExtProcClient.piece(body.substring(from, to), ends && to == body.size()));
    }
  }

  private static String reason(ImmediateResponse refusal) {
    return refusal.getHeaders().getSetHeadersList().stream()
        .filter(header -> header.getHeader().getKey().equals("x-signalbox-reason"))
        .map(header -> header.getHeader().getRawValue().toStringUtf8())
        .findFirst()
        .orElse("");
  }

  /** Envoy takes nothing for a while: what is owed waits, and all of it comes. */
  @Test
  void aBodyThatIsNotTakenBackWaits() throws Exception {
    var body = ByteString.copyFromUtf8(Bodies.ofSize(8 * MIB));
    var stream = open();
    // The answer to the headers is held back until the body is complete; nothing was answered yet.
    send(stream, body.substring(0, body.size() - 1), false);
    stream.send(ExtProcClient.piece(body.substring(body.size() - 1), true));
    assertThat(stream.answer().getResponseCase()).isEqualTo(ResponseCase.REQUEST_HEADERS);
    stream.pause();

    // On another connection, since this one's window is closed for all of its streams.
    try (var others = new ExtProcClient(host.ports().extProc())) {
      var other = others.open();
      other.ask(ExtProcClient.headers("POST", Client.CHAT));
      assertThat(other.ask(ExtProcClient.body(Bodies.HELLO)).getResponseCase())
          .isEqualTo(ResponseCase.REQUEST_BODY);
      other.end();
    }

    stream.resume();
    var back = ByteString.EMPTY;
    StreamedBodyResponse slice;
    do {
      slice =
          stream.answer().getRequestBody().getResponse().getBodyMutation().getStreamedResponse();
      back = back.concat(slice.getBody());
    } while (!slice.getEndOfStream());
    assertThat(back).isEqualTo(body);
    stream.end();
  }

  @Test
  void aBodyInPiecesOverTheLimitIs413OnAStreamThatGoesOn() throws Exception {
    var stream = open();
    send(stream, ByteString.copyFrom(new byte[13 * MIB]), false);
    var refusal = stream.answer().getImmediateResponse();
    assertThat(refusal.getStatus().getCode()).isEqualTo(413);
    assertThat(reason(refusal)).isEqualTo("body-too-large");
    stream.end();
    assertThat(stream.grpcStatus()).isEqualTo("0");
  }

  @Test
  void aBodyInOneMessageOverTheLimitOfMessagesIs413OnAStreamThatGoesOn() throws Exception {
    var stream = client.open();
    stream.ask(ExtProcClient.headers("POST", Client.CHAT));
    stream.send(ExtProcClient.piece(ByteString.copyFrom(new byte[14 * MIB]), true));
    var refusal = stream.answer().getImmediateResponse();
    assertThat(refusal.getStatus().getCode()).isEqualTo(413);
    stream.end();
    assertThat(stream.grpcStatus()).isEqualTo("0");
  }

  /** All streams of this client are on one connection, and so on one event loop. */
  @Test
  void bodiesBeyondWhatAllMayHoldAre503UntilThereIsRoom() throws Exception {
    var first = open();
    send(first, ByteString.copyFrom(new byte[10 * MIB]), false);
    var second = open();
    send(second, ByteString.copyFrom(new byte[10 * MIB]), false);
    var refusal = second.answer().getImmediateResponse();
    assertThat(refusal.getStatus().getCode()).isEqualTo(503);
    assertThat(reason(refusal)).isEqualTo("overloaded");
    second.end();
    first.end();
    first.grpcStatus();

    Eventually.until(
        Duration.ofSeconds(5),
        () -> {
          var third = open();
          send(third, ByteString.copyFromUtf8(Bodies.ofSize(10 * MIB)), true);
          boolean routed = third.answer().getResponseCase() == ResponseCase.REQUEST_HEADERS;
          third.end();
          return routed;
        },
        "the room is not given back");
    host.awaitIdle();
  }
}
