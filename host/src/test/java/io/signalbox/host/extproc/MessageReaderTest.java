package io.signalbox.host.extproc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import com.google.protobuf.Value;
import io.signalbox.envoy.extproc.v3.HeaderMap;
import io.signalbox.envoy.extproc.v3.HeaderValue;
import io.signalbox.envoy.extproc.v3.HttpBody;
import io.signalbox.envoy.extproc.v3.HttpHeaders;
import io.signalbox.envoy.extproc.v3.HttpTrailers;
import io.signalbox.envoy.extproc.v3.Metadata;
import io.signalbox.envoy.extproc.v3.ProcessingRequest;
import io.signalbox.envoy.extproc.v3.ProcessingRequest.RequestCase;
import io.signalbox.envoy.extproc.v3.ProtocolConfiguration;
import io.signalbox.host.extproc.ProxyMessage.Body;
import io.signalbox.host.extproc.ProxyMessage.Headers;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * {@link MessageReader} beside the generated classes, by messages at random: both refuse the same,
 * and find the same in the others.
 */
class MessageReaderTest {
  private static final int MESSAGES = 20_000;

  /** What is looked for. */
  private static final List<String> NAMES =
      List.of(":method", ":path", "content-length", "upgrade", "x-user", "");

  /** No proxy sends such a name, nor is it looked for. */
  private static final String NO_NAME = "x-\u00fcser";

  private static final List<String> VALUES =
      List.of("", "POST", "/v1/chat/completions", "12", "\u20ac", "a".repeat(300));

  private final SplittableRandom random = new SplittableRandom(1);

  @Test
  void messagesMeanTheSame() throws Exception {
    for (int i = 0; i < MESSAGES; i++) {
      var bytes = message().toByteArray();
      assertThat(read(bytes)).isEqualTo(generated(bytes));
    }
  }

  /** The bytes of two messages one after the other are those of one, merged of both. */
  @Test
  void messagesThatAreToBeMergedMeanTheSame() throws Exception {
    for (int i = 0; i < MESSAGES; i++) {
      var bytes = message().toByteString().concat(message().toByteString()).toByteArray();
      assertThat(read(bytes)).isEqualTo(generated(bytes));
    }
  }

  @Test
  void changedBytesMeanTheSameOrAreRefusedByBoth() {
    int refused = 0;
    for (int i = 0; i < MESSAGES; i++) {
      var bytes = changed(message().toByteArray());
      List<Object> expected;
      try {
        expected = generated(bytes);
      } catch (InvalidProtocolBufferException e) {
        refused++;
        assertThatThrownBy(() -> read(bytes))
            .as("message %d", i)
            .isInstanceOf(InvalidProtocolBufferException.class);
        continue;
      }
      assertThat(unchecked(bytes)).as("message %d", i).isEqualTo(expected);
    }
    assertThat(refused).as("both kinds come").isBetween(MESSAGES / 10, MESSAGES * 9 / 10);
  }

  @Test
  void aBodyIsNotCopied() throws Exception {
    var bytes = Messages.requestBody(ByteString.copyFromUtf8("piece"), true).toByteArray();
    var part = MessageReader.read(bytes, 0, bytes.length).part();
    assertThat(part)
        .isInstanceOfSatisfying(
            ProxyMessage.RequestBody.class,
            read -> {
              bytes[bytes.length - 3] = 'E';
              assertThat(read.body().bytes().toStringUtf8()).isEqualTo("piecE");
            });
  }

  private ProcessingRequest message() {
    var message = ProcessingRequest.newBuilder();
    switch (random.nextInt(8)) {
      case 0, 1 -> message.setRequestHeaders(headers());
      case 2 -> message.setResponseHeaders(headers());
      case 3 -> message.setRequestBody(body());
      case 4 -> message.setResponseBody(body());
      case 5 -> message.setRequestTrailers(HttpTrailers.newBuilder().setTrailers(map()));
      case 6 -> message.setResponseTrailers(HttpTrailers.newBuilder().setTrailers(map()));
      default -> {}
    }
    if (random.nextInt(3) == 0) {
      message.setProtocolConfig(
          ProtocolConfiguration.newBuilder()
              .setRequestBodyModeValue(random.nextInt(8) - 1)
              .setResponseBodyModeValue(random.nextInt(8) - 1)
              .setSendBodyWithoutWaitingForHeaderResponse(random.nextBoolean())
              .setUnknownFields(unknown()));
    }
    if (random.nextInt(5) == 0) {
      message.setMetadataContext(metadata());
    }
    return message
        .setObservabilityMode(random.nextInt(10) == 0)
        .setUnknownFields(unknown())
        .build();
  }

  private HttpHeaders headers() {
    var headers = HttpHeaders.newBuilder().setEndOfStream(random.nextBoolean());
    if (random.nextInt(10) > 0) {
      headers.setHeaders(map());
    }
    return headers.setUnknownFields(unknown()).build();
  }

  private HeaderMap map() {
    var map = HeaderMap.newBuilder();
    for (int i = random.nextInt(30); i > 0; i--) {
      map.addHeaders(
          HeaderValue.newBuilder()
              .setKey(random.nextInt(6) == 0 ? NO_NAME : any(NAMES))
              .setValue(random.nextInt(3) == 0 ? any(VALUES) : "")
              .setRawValue(ByteString.copyFromUtf8(any(VALUES)))
              .setUnknownFields(unknown()));
    }
    return map.setUnknownFields(unknown()).build();
  }

  private HttpBody body() {
    return HttpBody.newBuilder()
        .setBody(ByteString.copyFromUtf8(any(VALUES)))
        .setEndOfStream(random.nextBoolean())
        .setUnknownFields(unknown())
        .build();
  }

  private Metadata metadata() {
    var value = Value.newBuilder().setStringValue(any(VALUES)).build();
    return Metadata.newBuilder()
        .putFilterMetadata(any(NAMES), Struct.newBuilder().putFields(any(NAMES), value).build())
        .build();
  }

  private String any(List<String> texts) {
    return texts.get(random.nextInt(texts.size()));
  }

  /** Fields of later protocols, in each of the ways they can be written. */
  private UnknownFieldSet unknown() {
    var unknown = UnknownFieldSet.newBuilder();
    if (random.nextInt(10) == 0) {
      var field = Field.newBuilder();
      switch (random.nextInt(5)) {
        case 0 -> field.addVarint(random.nextLong());
        case 1 -> field.addFixed32(random.nextInt());
        case 2 -> field.addFixed64(random.nextLong());
        case 3 -> field.addLengthDelimited(ByteString.copyFromUtf8(any(VALUES)));
        default -> field.addGroup(UnknownFieldSet.getDefaultInstance());
      }
      unknown.addField(20 + random.nextInt(1_000_000), field.build());
    }
    return unknown.build();
  }

  /** A byte changed, left out, or put in; or the end cut off. */
  private byte[] changed(byte[] bytes) {
    if (bytes.length == 0) {
      return new byte[] {(byte) random.nextInt()};
    }
    int at = random.nextInt(bytes.length);
    var before = ByteString.copyFrom(bytes, 0, at);
    var after = ByteString.copyFrom(bytes, at + 1, bytes.length - at - 1);
    var other = ByteString.copyFrom(new byte[] {(byte) random.nextInt()});
    return switch (random.nextInt(4)) {
      case 0 -> before.concat(other).concat(after).toByteArray();
      case 1 -> before.concat(after).toByteArray();
      case 2 ->
          before
              .concat(other)
              .concat(ByteString.copyFrom(bytes, at, bytes.length - at))
              .toByteArray();
      default -> before.toByteArray();
    };
  }

  private List<Object> unchecked(byte[] bytes) {
    try {
      return read(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError("refused, though it is whole", e);
    }
  }

  /** What the reader finds in a message, which lies somewhere among other bytes. */
  private List<Object> read(byte[] bytes) throws InvalidProtocolBufferException {
    int from = random.nextInt(20);
    var around = new byte[from + bytes.length + random.nextInt(20)];
    random.nextBytes(around);
    System.arraycopy(bytes, 0, around, from, bytes.length);
    var message = MessageReader.read(around, from, from + bytes.length);
    return List.of(
        Optional.ofNullable(message.modes()),
        Optional.ofNullable(message.metadata()).map(Metadata::getFilterMetadataMap),
        message.watched(),
        switch (message.part()) {
          case ProxyMessage.RequestHeaders(var headers) ->
              List.of(RequestCase.REQUEST_HEADERS, found(headers));
          case ProxyMessage.RequestBody(var body) -> List.of(RequestCase.REQUEST_BODY, body);
          case ProxyMessage.RequestTrailers _ -> List.of(RequestCase.REQUEST_TRAILERS);
          case ProxyMessage.ResponseHeaders(var headers) ->
              List.of(RequestCase.RESPONSE_HEADERS, found(headers));
          case ProxyMessage.ResponseBody(var body) -> List.of(RequestCase.RESPONSE_BODY, body);
          case ProxyMessage.ResponseTrailers _ -> List.of(RequestCase.RESPONSE_TRAILERS);
          case ProxyMessage.Nothing _ -> List.of(RequestCase.REQUEST_NOT_SET);
        });
  }

  private static List<Object> found(Headers headers) {
    return List.of(
        NAMES.stream().map(name -> Optional.ofNullable(headers.head().first(name))).toList(),
        headers.head().present(NAMES).stream().sorted().toList(),
        headers.head().all(),
        headers.last());
  }

  /** The same as the generated classes find it. */
  private static List<Object> generated(byte[] bytes) throws InvalidProtocolBufferException {
    var message = DiscardUnknownFieldsParser.wrap(ProcessingRequest.parser()).parseFrom(bytes);
    var config = message.getProtocolConfig();
    var kind = message.getRequestCase();
    return List.of(
        message.hasProtocolConfig()
            ? Optional.of(
                new ProxyMessage.Modes(
                    config.getRequestBodyMode(),
                    config.getResponseBodyMode(),
                    config.getSendBodyWithoutWaitingForHeaderResponse()))
            : Optional.empty(),
        message.hasMetadataContext()
            ? Optional.of(message.getMetadataContext().getFilterMetadataMap())
            : Optional.empty(),
        message.getObservabilityMode(),
        switch (kind) {
          case REQUEST_HEADERS -> List.of(kind, generated(message.getRequestHeaders()));
          case RESPONSE_HEADERS -> List.of(kind, generated(message.getResponseHeaders()));
          case REQUEST_BODY -> List.of(kind, generated(message.getRequestBody()));
          case RESPONSE_BODY -> List.of(kind, generated(message.getResponseBody()));
          case REQUEST_TRAILERS, RESPONSE_TRAILERS, REQUEST_NOT_SET -> List.of(kind);
        });
  }

  private static Body generated(HttpBody body) {
    return new Body(body.getBody(), body.getEndOfStream());
  }

  private static List<Object> generated(HttpHeaders headers) {
    var all = new TreeMap<String, String>();
    var map = headers.getHeaders().getHeadersList();
    for (var header : map) {
      if (!header.getKey().startsWith(":")) {
        all.merge(header.getKey(), value(header), (one, other) -> one + ", " + other);
      }
    }
    return List.of(
        NAMES.stream()
            .map(name ->
                map.stream()
                    .filter(header -> header.getKey().equals(name))
                    .findFirst()
                    .map(MessageReaderTest::value))
            .toList(),
        map.stream().map(HeaderValue::getKey).filter(NAMES::contains).sorted().toList(),
        all,
        headers.getEndOfStream());
  }

  private static String value(HeaderValue header) {
    return header.getRawValue().isEmpty() ? header.getValue() : header.getRawValue().toStringUtf8();
  }
}
