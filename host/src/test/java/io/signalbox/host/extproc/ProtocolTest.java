package io.signalbox.host.extproc;

import static io.signalbox.envoy.extproc.v3.BodySendMode.BUFFERED;
import static io.signalbox.envoy.extproc.v3.BodySendMode.BUFFERED_PARTIAL;
import static io.signalbox.envoy.extproc.v3.BodySendMode.FULL_DUPLEX_STREAMED;
import static io.signalbox.envoy.extproc.v3.BodySendMode.GRPC;
import static io.signalbox.envoy.extproc.v3.BodySendMode.NONE;
import static io.signalbox.envoy.extproc.v3.BodySendMode.STREAMED;
import static io.signalbox.host.extproc.ScriptedListener.Plan.BY_HEADERS;
import static io.signalbox.host.extproc.ScriptedListener.Plan.BY_HEADERS_LATER;
import static io.signalbox.host.extproc.ScriptedListener.Plan.READ;
import static io.signalbox.host.extproc.ScriptedListener.Plan.READ_LATER;
import static io.signalbox.host.extproc.ScriptedListener.Plan.REFUSE;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.signalbox.envoy.extproc.v3.BodySendMode;
import io.signalbox.envoy.extproc.v3.Metadata;
import io.signalbox.envoy.extproc.v3.ProcessingRequest;
import io.signalbox.envoy.extproc.v3.ProcessingResponse;
import io.signalbox.host.extproc.ScriptedListener.Plan;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of {@link Protocol}, row by row. */
class ProtocolTest {
  /** The modes of a listener. */
  record Modes(BodySendMode request, boolean held, BodySendMode response) {
    static final Modes BUFFER = new Modes(BUFFERED, false, NONE);
    static final Modes PARTIAL = new Modes(BUFFERED_PARTIAL, false, NONE);
    static final Modes ON_DEMAND = new Modes(NONE, false, NONE);
    static final Modes HELD = new Modes(STREAMED, true, STREAMED);
    static final Modes DUPLEX = new Modes(FULL_DUPLEX_STREAMED, false, FULL_DUPLEX_STREAMED);
    static final Modes WAITING = new Modes(STREAMED, false, NONE);
    static final Modes FRAMES = new Modes(GRPC, false, NONE);
  }

  /** Messages in few words, and what is said to each; a message stands before an arrow. */
  record Row(String name, Modes modes, Plan plan, String exchange) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Row row(String name, Modes modes, Plan plan, String exchange) {
    return new Row(name, modes, plan, exchange);
  }

  static Stream<Row> rows() {
    return Stream.of(
        // Requests whose body comes whole.
        row(
            "buffered",
            Modes.BUFFER,
            READ,
            """
            headers          > continue-at-headers
            body! 10         > (body 10), route-at-body
            answer           > marked-response-headers
            """),
        row(
            "buffered, decided later, with trailers",
            Modes.BUFFER,
            READ_LATER,
            """
            headers          > continue-at-headers
            body 10          > (body 10)
            trailers         >
            decide           > route-at-body, request-trailers
            answer           > marked-response-headers
            """),
        row(
            "buffered, and the trailers after the decision",
            Modes.BUFFER,
            READ,
            """
            headers          > continue-at-headers
            body 10          > (body 10), route-at-body
            trailers         > request-trailers
            """),
        row(
            "buffered, trailers and no body",
            Modes.BUFFER,
            READ,
            """
            headers          > continue-at-headers
            trailers         > (body 0), route-at-body, request-trailers
            """),
        row(
            "buffered, and the body comes twice",
            Modes.BUFFER,
            READ,
            """
            headers          > continue-at-headers
            body! 10         > (body 10), route-at-body
            body! 10         > (broken)
            """),
        row(
            "buffered, larger than allowed",
            Modes.BUFFER,
            READ,
            """
            headers          > continue-at-headers
            body! 1000001    > immediate-413
            answer           >
            """),
        row(
            "cut",
            Modes.PARTIAL,
            READ,
            """
            headers          > continue-at-headers
            body 10          > (body 10 cut), route-at-body
            """),
        row(
            "not cut",
            Modes.PARTIAL,
            READ,
            """
            headers          > continue-at-headers
            body! 10         > (body 10), route-at-body
            """),
        row(
            "on demand",
            Modes.ON_DEMAND,
            READ,
            """
            headers          > continue-at-headers+override
            body! 10         > (body 10), route-at-body
            answer           > marked-response-headers
            """),
        row(
            "on demand, where the proxy does not allow it",
            Modes.ON_DEMAND,
            READ,
            """
            headers          > continue-at-headers+override
            answer           > immediate-500
            """),
        row(
            "on demand, and not needed",
            Modes.ON_DEMAND,
            BY_HEADERS,
            """
            headers          > route-at-headers
            answer           > marked-response-headers
            """),
        // Requests whose body comes in pieces.
        row(
            "held back until the body is complete",
            Modes.HELD,
            READ,
            """
            headers          >
            body 10          >
            body! 20         > (body 30), route-at-headers, request-untouched, request-untouched
            answer           > marked-response-headers
            answer-body 5    > response-untouched
            """),
        row(
            "held back until the beginning says enough",
            Modes.HELD,
            READ,
            """
            headers          >
            body 65535m      >
            body 1           > (enough?), (body 65536 cut), route-at-headers, request-untouched, request-untouched
            body 7           > request-untouched
            body! 0          > request-untouched
            body 7           > (broken)
            """),
        row(
            "held back, asking at twice the size again",
            Modes.HELD,
            READ,
            """
            headers          >
            body 65536       > (enough?)
            body 65535       >
            body 1           > (enough?)
            body! 0          > (body 131072), route-at-headers, request-untouched, request-untouched, request-untouched, request-untouched
            """),
        row(
            "held back, pieces while it is decided",
            Modes.HELD,
            READ_LATER,
            """
            headers          >
            body 65536m      > (enough?), (body 65536 cut)
            body 7           >
            decide           > route-at-headers, request-untouched, request-untouched
            body! 7          > request-untouched
            """),
        row(
            "held back, whole before its end is told",
            Modes.HELD,
            READ,
            """
            headers          >
            body 1}          > (complete?), (body 1), route-at-headers, request-untouched
            trailers         > request-trailers
            """),
        row(
            "held back, and not whole though it looks so",
            Modes.HELD,
            READ,
            """
            headers          >
            body 2}          > (complete?)
            body! 1          > (body 3), route-at-headers, request-untouched, request-untouched
            """),
        row(
            "held back, ended by trailers",
            Modes.HELD,
            READ,
            """
            headers          >
            body 10          >
            trailers         > (body 10), route-at-headers, request-untouched, request-trailers
            """),
        row(
            "full duplex",
            Modes.DUPLEX,
            READ,
            """
            headers          >
            body 10          >
            body! 0          > (body 10), route-at-headers, request-slice-10!
            answer           > marked-response-headers
            answer-body 5    > response-slice-5
            answer-body! 0   > response-slice-0!
            """),
        row(
            "full duplex, sliced anew",
            Modes.DUPLEX,
            READ,
            """
            headers          >
            body 65536       >
            body 65536       >
            body! 18993      > (body 150065), route-at-headers, request-slice-62000, request-slice-62000, request-slice-26065!
            """),
        row(
            "full duplex, trailers",
            Modes.DUPLEX,
            READ,
            """
            headers          >
            body 10          >
            trailers         > (body 10), route-at-headers, request-slice-10, request-trailers
            answer           > marked-response-headers
            answer-body 5    > response-slice-5
            answer-trailers  > response-trailers
            """),
        row(
            "full duplex, an empty body",
            Modes.DUPLEX,
            READ,
            """
            headers          >
            body! 0          > (body 0), route-at-headers, request-slice-0!
            """),
        row(
            "full duplex, trailers and no body",
            Modes.DUPLEX,
            READ,
            """
            headers          >
            trailers         > (body 0), route-at-headers, request-trailers
            """),
        row(
            "full duplex, larger than allowed",
            Modes.DUPLEX,
            READ,
            """
            headers          >
            body 999999      >
            body 2           > immediate-413
            body! 2          >
            """),
        row(
            "full duplex, a body after its end",
            Modes.DUPLEX,
            READ_LATER,
            """
            headers          >
            body! 10         > (body 10)
            body! 10         > (broken)
            """),
        row(
            "full duplex, a large answer",
            Modes.DUPLEX,
            READ,
            """
            headers          >
            body! 10         > (body 10), route-at-headers, request-slice-10!
            answer           > marked-response-headers
            answer-body! 62001 > response-slice-62000, response-slice-1!
            """),
        // Requests without a body, or with one that nobody reads.
        row(
            "no body, decided",
            Modes.BUFFER,
            BY_HEADERS,
            """
            headers!         > route-at-headers
            answer           > marked-response-headers
            """),
        row(
            "no body, refused",
            Modes.DUPLEX,
            READ,
            """
            headers!         > immediate-400
            """),
        row(
            "an upgrade, full duplex",
            Modes.DUPLEX,
            BY_HEADERS,
            """
            headers          > route-at-headers
            answer           > marked-response-headers
            body 10          > request-slice-10
            answer-body 3    > response-slice-3
            body! 0          > request-slice-0!
            """),
        row(
            "an upgrade, full duplex, decided later",
            Modes.DUPLEX,
            BY_HEADERS_LATER,
            """
            headers          >
            body 10          >
            decide           > route-at-headers, request-slice-10
            body 4           > request-slice-4
            """),
        row(
            "an upgrade, buffered: the body is neither kept nor sent",
            Modes.BUFFER,
            BY_HEADERS,
            """
            headers          > route-at-headers+override
            answer           > marked-response-headers
            """),
        row(
            "an upgrade, held",
            Modes.HELD,
            BY_HEADERS_LATER,
            """
            headers          >
            body 10          >
            decide           > route-at-headers, request-untouched
            body 4           > request-untouched
            """),
        row(
            "refused",
            Modes.BUFFER,
            REFUSE,
            """
            headers          > immediate-400
            body! 10         >
            answer           >
            """),
        row("a mode without a decision", Modes.WAITING, READ, "headers > immediate-500\n"),
        row("another such", Modes.FRAMES, READ, "headers > immediate-500\n"),
        row(
            "such a mode, decided by headers",
            Modes.WAITING,
            BY_HEADERS,
            "headers > route-at-headers\n"),
        // Answers that no decision led to.
        row(
            "an answer alone",
            Modes.DUPLEX,
            READ,
            """
            answer           > unmarked-response-headers
            answer-body 5    > response-slice-5
            answer-body! 0   > response-slice-0!
            """),
        row(
            "the proxy answers before the body came",
            Modes.BUFFER,
            READ,
            """
            headers          > continue-at-headers
            answer           > unmarked-response-headers
            answer-body! 5   > response-untouched
            """),
        row(
            "the proxy answers while it is decided",
            Modes.DUPLEX,
            READ_LATER,
            """
            headers          >
            body 10          >
            answer           > unmarked-response-headers
            body! 10         >
            trailers         >
            """),
        // Answers that wait, or are not wanted any more.
        row(
            "an answer that waits",
            Modes.BUFFER,
            READ,
            """
            withhold         >
            headers          > continue-at-headers
            body! 10         > (body 10), route-at-body
            answer           > (not yet)
            let-pass         > marked-response-headers
            take-back        > (too late)
            """),
        row(
            "an answer in pieces waits whole, full duplex",
            Modes.DUPLEX,
            READ,
            """
            withhold         >
            headers          >
            body! 10         > (body 10), route-at-headers, request-slice-10!
            answer           > (not yet)
            answer-body 5    >
            answer-body 0    >
            answer-trailers  >
            let-pass         > marked-response-headers, response-slice-5, response-trailers
            """),
        row(
            "an answer waits, and the request's end comes late",
            Modes.HELD,
            READ,
            """
            withhold         >
            headers          >
            body 1}          > (complete?), (body 1), route-at-headers, request-untouched
            answer           > (not yet)
            body! 3          > request-untouched
            let-pass         > marked-response-headers
            answer-body! 5   > response-untouched
            """),
        row(
            "taken back before the answer",
            Modes.BUFFER,
            READ,
            """
            headers          > continue-at-headers
            body! 10         > (body 10), route-at-body
            take-back        > (taken back)
            reply            > immediate-500
            answer           >
            """),
        row(
            "taken back, and an answer comes all the same",
            Modes.DUPLEX,
            READ,
            """
            headers          >
            body 10          >
            trailers         > (body 10), route-at-headers, request-slice-10, request-trailers
            take-back        > (taken back)
            answer           > (not yet)
            answer-body 5    >
            answer-trailers  >
            let-pass         >
            reply            > immediate-500
            """),
        row(
            "taken back while the answer waits",
            Modes.DUPLEX,
            READ,
            """
            withhold         >
            headers          >
            body! 10         > (body 10), route-at-headers, request-slice-10!
            answer           > (not yet)
            answer-body! 5   >
            take-back        > (taken back)
            let-pass         >
            reply            > immediate-500
            """),
        row(
            "too late to be taken back",
            Modes.DUPLEX,
            READ,
            """
            headers          >
            body! 10         > (body 10), route-at-headers, request-slice-10!
            answer-body 5    > response-slice-5
            take-back        > (too late)
            """),
        row(
            "an answer that waits, twice",
            Modes.BUFFER,
            READ,
            """
            withhold         >
            headers          > continue-at-headers
            body! 10         > (body 10), route-at-body
            answer           > (not yet)
            answer           > (broken)
            """),
        // What may not come.
        row("a body first", Modes.BUFFER, READ, "body! 1 > (broken)\n"),
        row("trailers first", Modes.BUFFER, READ, "trailers > (broken)\n"),
        row("a response body first", Modes.BUFFER, READ, "answer-body! 1 > (broken)\n"),
        row("response trailers first", Modes.BUFFER, READ, "answer-trailers > (broken)\n"),
        row("nothing", Modes.BUFFER, READ, "empty > (broken)\n"),
        row(
            "headers twice",
            Modes.BUFFER,
            READ,
            """
            headers          > continue-at-headers
            headers          > (broken)
            """),
        row(
            "response headers twice",
            Modes.BUFFER,
            READ,
            """
            headers          > continue-at-headers
            body! 10         > (body 10), route-at-body
            answer           > marked-response-headers
            answer           > (broken)
            """),
        row(
            "a response body before the decision",
            Modes.BUFFER,
            READ_LATER,
            """
            headers          > continue-at-headers
            body! 10         > (body 10)
            answer-body 1    > (broken)
            """));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void everyMessageIsAnsweredAsItsRowSays(Row row) {
    var listener = new ScriptedListener(row.plan());
    boolean first = true;
    for (var line : row.exchange().lines().toList()) {
      var sides = line.split(">", 2);
      var words = sides[0].strip();
      switch (words) {
        case "decide" -> listener.decide();
        case "withhold" -> listener.withholdsAnswers();
        case "let-pass" -> listener.letPass();
        case "take-back" -> listener.takeBack();
        case "reply" -> listener.answerItself();
        default -> {
          var message = message(words);
          listener.take(
              first
                  ? Messages.first(
                      message, row.modes().request(), row.modes().held(), row.modes().response())
                  : message);
          first = false;
        }
      }
      assertThat(String.join(", ", listener.news())).as(line).isEqualTo(sides[1].strip());
    }
  }

  /** A message by its kind, an exclamation mark where it is the last, and its bytes. */
  private static ProcessingRequest message(String words) {
    var parts = words.split(" ", -1);
    boolean last = parts[0].endsWith("!");
    var kind = parts[0].replace("!", "");
    return switch (kind) {
      case "headers" -> Messages.requestHeaders(last);
      case "body" -> Messages.requestBody(bytes(parts[1]), last);
      case "trailers" -> Messages.requestTrailers();
      case "answer" -> Messages.responseHeaders(last);
      case "answer-body" -> Messages.responseBody(bytes(parts[1]), last);
      case "answer-trailers" -> Messages.responseTrailers();
      case "empty" -> ProcessingRequest.getDefaultInstance();
      default -> throw new IllegalArgumentException(words);
    };
  }

  /** So many bytes; with an m behind, they begin with one, and with a brace they end with one. */
  private static ByteString bytes(String size) {
    var bytes = new byte[Integer.parseInt(size.replaceAll("[m}]", ""))];
    if (size.endsWith("m")) {
      bytes[0] = 'm';
    }
    if (size.endsWith("}")) {
      bytes[bytes.length - 1] = '}';
    }
    return ByteString.copyFrom(bytes);
  }

  @Test
  void whatIsOnlyWatchedIsNotAnswered() {
    var listener = new ScriptedListener(READ);
    listener.take(Messages.requestHeaders(false).toBuilder().setObservabilityMode(true).build());
    listener.take(Messages.requestBody(ByteString.EMPTY, true));
    assertThat(listener.news()).containsExactly("(watched)");
  }

  @Test
  void metadataOfAnyMessageIsHeard() {
    var listener = new ScriptedListener(READ);
    listener.take(Messages.requestHeaders(false));
    listener.news();
    listener.take(
        Messages.requestBody(ByteString.EMPTY, true).toBuilder()
            .setMetadataContext(Metadata.getDefaultInstance())
            .build());
    assertThat(listener.news()).startsWith("(metadata)");
  }

  record Reading(String name, BodySendMode response, boolean reads, boolean last, boolean skips) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Reading> readings() {
    return List.of(
        new Reading("streamed, of use", STREAMED, true, false, false),
        new Reading("streamed, of no use", STREAMED, false, false, true),
        new Reading("buffered, of no use", BUFFERED, false, false, true),
        new Reading("none comes", NONE, false, false, false),
        new Reading("there is none", STREAMED, false, true, false),
        new Reading("full duplex cannot be left", FULL_DUPLEX_STREAMED, false, false, false));
  }

  /** The proxy need not send bodies of answers that nobody reads. */
  @ParameterizedTest
  @MethodSource("readings")
  void bodiesOfAnswersAreLeftWhereNobodyReadsThem(Reading row) {
    var listener = new ScriptedListener(READ);
    if (!row.reads()) {
      listener.readsNoAnswers();
    }
    listener.take(Messages.first(Messages.requestHeaders(false), BUFFERED, false, row.response()));
    listener.take(Messages.requestBody(ByteString.EMPTY, true));
    listener.take(Messages.responseHeaders(row.last()));
    var answer = listener.sent.getLast();
    assertThat(answer.hasModeOverride()).isEqualTo(row.skips());
    assertThat(answer.getModeOverride().getResponseBodyMode()).isEqualTo(NONE);
  }

  record Rewriting(String name, Modes modes, List<Integer> pieces, List<String> answers) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Rewriting> rewritings() {
    return List.of(
        new Rewriting("buffered", Modes.BUFFER, List.of(10), List.of("route-at-body")),
        new Rewriting(
            "held",
            Modes.HELD,
            List.of(4, 3, 3),
            List.of(
                "route-at-headers", "request-replaced-12", "request-cleared", "request-cleared")),
        new Rewriting(
            "full duplex",
            Modes.DUPLEX,
            List.of(4, 6),
            List.of("route-at-headers", "request-slice-12!")));
  }

  @ParameterizedTest
  @MethodSource("rewritings")
  void aRewrittenBodyGoesInsteadOfTheClients(Rewriting row) {
    var rewritten = ByteString.copyFromUtf8("twelve bytes");
    var listener = new ScriptedListener(READ, rewritten);
    var modes = row.modes();
    listener.take(
        Messages.first(
            Messages.requestHeaders(false), modes.request(), modes.held(), modes.response()));
    for (int i = 0; i < row.pieces().size(); i++) {
      listener.news();
      boolean last = i == row.pieces().size() - 1;
      listener.take(Messages.requestBody(bytes("" + row.pieces().get(i)), last));
    }
    assertThat(listener.news().stream().filter(word -> !word.startsWith("(")))
        .containsExactlyElementsOf(row.answers());
    assertThat(listener.sent.stream().map(ProtocolTest::carried).reduce(ByteString::concat))
        .hasValue(rewritten);
  }

  private static ByteString carried(ProcessingResponse answer) {
    var mutation = answer.getRequestBody().getResponse().getBodyMutation();
    return mutation.hasStreamedResponse()
        ? mutation.getStreamedResponse().getBody()
        : mutation.getBody();
  }
}
