package io.signalbox.host.extproc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.signalbox.envoy.extproc.v3.BodySendMode;
import io.signalbox.envoy.extproc.v3.ProcessingRequest;
import io.signalbox.envoy.extproc.v3.ProcessingResponse;
import io.signalbox.envoy.extproc.v3.ProcessingResponse.ResponseCase;
import io.signalbox.host.extproc.ScriptedListener.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@link Protocol} against a model of the proxy: exchanges at random, with bodies in pieces of any
 * size, trailers or none, decisions at once or at any later moment, answers of the proxy's own at
 * any moment, answers that wait, and ends at any moment. Whatever comes in an order that proxies
 * keep to is answered, and what goes to the engine and the client is what came.
 */
class ProtocolRandomTest {
  private static final int EXCHANGES = 2_000;

  /** One exchange as its proxy sees it. */
  private static final class Proxy {
    private final SplittableRandom random;
    private final BodySendMode requestMode;
    private final BodySendMode answerMode;
    private final ScriptedListener listener;
    private final Plan plan;
    private final ByteString request;
    private final ByteString answer;
    private final List<String> told = new ArrayList<>();
    private boolean first = true;

    Proxy(BodySendMode requestMode, long seed) {
      this.random = new SplittableRandom(seed);
      this.requestMode = requestMode;
      this.answerMode = BodySendMode.values()[random.nextInt(5)];
      this.plan = Plan.values()[random.nextInt(Plan.values().length)];
      this.listener = new ScriptedListener(plan);
      this.request = bytes(random.nextInt(4) == 0 ? 0 : random.nextInt(200_000));
      this.answer = bytes(random.nextInt(200_000));
    }

    private ByteString bytes(int size) {
      var bytes = new byte[size];
      random.nextBytes(bytes);
      return ByteString.copyFrom(bytes);
    }

    private void tell(ProcessingRequest message) {
      told.add(message.getRequestCase().name());
      boolean held = requestMode == BodySendMode.STREAMED;
      listener.take(first ? Messages.first(message, requestMode, held, answerMode) : message);
      first = false;
      assertThat(listener.news()).as("after %s", told).doesNotContain("(broken)");
    }

    private boolean mayDecide() {
      return (plan == Plan.READ_LATER || plan == Plan.BY_HEADERS_LATER)
          && listener.protocol().phase() == Protocol.Phase.DECIDING;
    }

    private void perhapsDecide(int of) {
      if (mayDecide() && random.nextInt(of) == 0) {
        listener.decide();
      }
    }

    void play() {
      boolean empty = random.nextInt(10) == 0;
      tell(Messages.requestHeaders(empty));
      perhapsDecide(2);
      if (!empty && sendsBodies()) {
        sendRequest();
      }
      perhapsDecide(1);
      switch (random.nextInt(10)) {
        // The client left, or we answered.
        case 0 -> listener.protocol().over();
        default -> sendAnswer();
      }
      check(empty);
      listener.protocol().over();
      tell(Messages.requestHeaders(false));
    }

    /** Whether the body comes: where the mode has one, or we asked for it. */
    private boolean sendsBodies() {
      return requestMode != BodySendMode.NONE
          || listener.sent.stream().anyMatch(ProcessingResponse::hasModeOverride);
    }

    private void sendRequest() {
      boolean trailers = random.nextBoolean();
      if (requestMode == BodySendMode.STREAMED
          || requestMode == BodySendMode.FULL_DUPLEX_STREAMED) {
        pieces(request, trailers, Messages::requestBody);
      } else if (passesOn()) {
        tell(Messages.requestBody(request, !trailers));
      }
      perhapsDecide(2);
      if (trailers && passesOn()) {
        tell(Messages.requestTrailers());
      }
    }

    /** A proxy goes on only when its message was answered, but for full duplex. */
    private boolean passesOn() {
      return listener.protocol().phase() != Protocol.Phase.ANSWERED;
    }

    private interface Piece {
      ProcessingRequest of(ByteString bytes, boolean last);
    }

    private void pieces(ByteString whole, boolean more, Piece piece) {
      int from = 0;
      do {
        int to = Math.min(whole.size(), from + 1 + random.nextInt(80_000));
        tell(piece.of(whole.substring(from, to), !more && to == whole.size()));
        perhapsDecide(3);
        from = to;
      } while (from < whole.size());
    }

    private void sendAnswer() {
      boolean withheld = random.nextInt(3) == 0;
      if (withheld) {
        listener.withholdsAnswers();
      }
      tell(Messages.responseHeaders(false));
      if (withheld && (answerMode != BodySendMode.FULL_DUPLEX_STREAMED || random.nextBoolean())) {
        listener.letPass();
      }
      boolean trailers = random.nextBoolean();
      switch (answerMode) {
        case NONE -> {}
        case BUFFERED, BUFFERED_PARTIAL -> tell(Messages.responseBody(answer, !trailers));
        default -> pieces(answer, trailers, Messages::responseBody);
      }
      if (trailers) {
        tell(Messages.responseTrailers());
      }
      if (withheld) {
        listener.letPass();
      }
    }

    private void check(boolean empty) {
      var sent = listener.sent;
      assertThat(sent.stream().filter(message -> message.getRequestHeaders().hasResponse()))
          .as("the headers are answered once at most")
          .hasSizeLessThanOrEqualTo(1);
      if (sent.stream().anyMatch(ProcessingResponse::hasImmediateResponse)) {
        assertThat(sent.getLast().getResponseCase()).isEqualTo(ResponseCase.IMMEDIATE_RESPONSE);
        return;
      }
      if (requestMode == BodySendMode.FULL_DUPLEX_STREAMED && !empty) {
        assertThat(echoed(ProcessingResponse::hasRequestBody)).as("request").isEqualTo(request);
      }
      if (answerMode == BodySendMode.FULL_DUPLEX_STREAMED && told.contains("RESPONSE_BODY")) {
        assertThat(echoed(ProcessingResponse::hasResponseBody)).as("answer").isEqualTo(answer);
      } else {
        assertThat(sent.stream().filter(ProcessingResponse::hasResponseBody))
            .hasSameSizeAs(told.stream().filter("RESPONSE_BODY"::equals).toList());
      }
      if (requestMode == BodySendMode.STREAMED) {
        assertThat(sent.stream().filter(ProcessingResponse::hasRequestBody))
            .hasSameSizeAs(told.stream().filter("REQUEST_BODY"::equals).toList());
      }
      assertThat(sent.stream().filter(ProcessingResponse::hasRequestTrailers))
          .hasSameSizeAs(told.stream().filter("REQUEST_TRAILERS"::equals).toList());
    }

    private ByteString echoed(java.util.function.Predicate<ProcessingResponse> side) {
      return listener.sent.stream()
          .filter(side)
          .map(message ->
              message.hasRequestBody()
                  ? message.getRequestBody().getResponse()
                  : message.getResponseBody().getResponse())
          .map(response -> response.getBodyMutation().getStreamedResponse())
          .peek(slice -> assertThat(slice.getBody().size()).isLessThanOrEqualTo(62_000))
          .map(slice -> slice.getBody())
          .reduce(ByteString.EMPTY, ByteString::concat);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = BodySendMode.class,
      names = {"NONE", "STREAMED", "BUFFERED", "BUFFERED_PARTIAL", "FULL_DUPLEX_STREAMED"})
  void everyOrderThatProxiesKeepToIsAnswered(BodySendMode mode) {
    for (long seed = 0; seed < EXCHANGES; seed++) {
      try {
        new Proxy(mode, seed).play();
      } catch (Throwable e) {
        throw new AssertionError(mode + ", seed " + seed, e);
      }
    }
  }

  /** What no proxy keeps to: it may break the exchange, and nothing else. */
  @ParameterizedTest
  @EnumSource(
      value = BodySendMode.class,
      names = {"NONE", "STREAMED", "BUFFERED", "BUFFERED_PARTIAL", "FULL_DUPLEX_STREAMED"})
  void noOrderDoesMoreThanBreakTheExchange(BodySendMode mode) {
    for (long seed = 0; seed < EXCHANGES; seed++) {
      var random = new SplittableRandom(seed);
      var listener = new ScriptedListener(Plan.values()[random.nextInt(Plan.values().length)]);
      for (int i = 0; i < 12; i++) {
        var message = anyMessage(random);
        listener.take(
            i == 0 ? Messages.first(message, mode, true, BodySendMode.STREAMED) : message);
        if (listener.protocol().phase() == Protocol.Phase.DECIDING && random.nextInt(3) == 0) {
          listener.decide();
        }
        switch (random.nextInt(9)) {
          case 0 -> listener.withholdsAnswers();
          case 1 -> listener.letPass();
          case 2 -> listener.takeBack();
          default -> {}
        }
      }
      assertThat(listener.log.stream().filter("(broken)"::equals))
          .as("seed %d", seed)
          .hasSizeLessThanOrEqualTo(1);
    }
  }

  private static ProcessingRequest anyMessage(SplittableRandom random) {
    var bytes = ByteString.copyFrom(new byte[random.nextInt(3)]);
    boolean last = random.nextBoolean();
    return switch (random.nextInt(7)) {
      case 0 -> Messages.requestHeaders(last);
      case 1 -> Messages.requestBody(bytes, last);
      case 2 -> Messages.requestTrailers();
      case 3 -> Messages.responseHeaders(last);
      case 4 -> Messages.responseBody(bytes, last);
      case 5 -> Messages.responseTrailers();
      default -> ProcessingRequest.getDefaultInstance();
    };
  }
}
