package io.signalbox.host.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.endpoint.ExchangeListener;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.endpoint.Traffic.Total;
import io.signalbox.host.request.AnswerHead;
import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.request.RequestHeaders;
import io.signalbox.host.request.ScanResult.Scanned;
import io.signalbox.sdk.Completion;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.ExchangeObserver;
import io.signalbox.sdk.RouteRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is measured and told of an exchange; times are in milliseconds since the decision. */
class ObservationTest {
  private static final AnswerHead STREAM = new AnswerHead(200, "text/event-stream", null);
  private static final AnswerHead JSON = new AnswerHead(200, "application/json", null);
  private static final String TOKEN = "data: {\"choices\":[{\"text\":\"a\"}]}\n\n";
  private static final String DONE = "data: [DONE]\n\n";

  private static final String USAGE =
      "{\"usage\":{\"prompt_tokens\":30,\"completion_tokens\":5,\"prompt_tokens_details\":{\"cached_tokens\":10}}}";

  private final Bench bench = new Bench("a");
  private final RegisteredEndpoint endpoint = bench.endpoint("a");
  private final List<String> news = new ArrayList<>();
  private long now;

  private final ExchangeListener listener =
      new ExchangeListener() {
        @Override
        public void onReserved(RouteRequest request, Endpoint chosen) {
          news.add("reserved");
        }

        @Override
        public void onAccepted(RouteRequest request, Endpoint chosen) {
          news.add("accepted");
        }

        @Override
        public void onFirstToken(RouteRequest request, Endpoint chosen, double seconds) {
          news.add("first " + seconds);
        }

        @Override
        public void onCompleted(RouteRequest request, Endpoint chosen, Completion completion) {
          news.add(
              "completed %d %s %s %s"
                  .formatted(
                      completion.status(),
                      completion.seconds(),
                      completion.promptTokens(),
                      completion.outputTokens()));
        }

        @Override
        public void onFailed(RouteRequest request, Endpoint chosen) {
          news.add("failed");
        }

        @Override
        public void onCancelled(RouteRequest request, Endpoint chosen) {
          news.add("cancelled");
        }
      };

  /** One exchange, what is told of it, and the totals that are not 0 afterwards. */
  record Exchange(
      String name, Consumer<ObservationTest> course, List<String> news, Map<Total, Long> totals) {
    @Override
    public String toString() {
      return name;
    }
  }

  private Observation observation = Observation.NONE;

  private void begin() {
    var router =
        new Router(
            bench.plan("least-request"),
            bench.snapshot(),
            new Router.Surroundings(
                new SplittableRandom(1),
                () -> now,
                bench.timers(),
                Runnable::run,
                new Router.Shared(
                    RequestSignals.UNKNOWN, List.of(listener), new Queues(() -> now))));
    var body = "{\"model\":\"m\",\"prompt\":\"" + "x".repeat(80) + "\"}";
    var request =
        new InferenceRequest(
            new Scanned("m", null, true),
            RequestHeaders.of(Map.of()),
            () -> ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)));
    observation = new Observation(router, List.of(), request, endpoint);
  }

  private void at(long millis) {
    now = TimeUnit.MILLISECONDS.toNanos(millis);
  }

  private void head(AnswerHead head) {
    observation.accepted(head);
  }

  private void piece(long millis, String text) {
    at(millis);
    observation.received(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  private void completed(long millis) {
    at(millis);
    observation.completed();
  }

  private static long nanos(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }

  static List<Exchange> exchanges() {
    return List.of(
        new Exchange(
            "a stream that tells its usage",
            test -> {
              test.head(STREAM);
              test.piece(200, TOKEN);
              test.piece(250, TOKEN + TOKEN);
              test.piece(300, TOKEN);
              test.piece(400, "data: " + USAGE + "\n\n" + DONE);
              test.completed(500);
            },
            List.of("reserved", "accepted", "first 0.2", "completed 200 0.5 30.0 5.0"),
            Map.ofEntries(
                Map.entry(Total.FIRST_TOKENS, 1L),
                Map.entry(Total.FIRST_TOKEN_NANOS, nanos(200)),
                Map.entry(Total.PREFILLED_ANSWERS, 1L),
                Map.entry(Total.PREFILLED_TOKENS, 30L),
                Map.entry(Total.PREFILL_NANOS, nanos(200)),
                Map.entry(Total.DECODED_ANSWERS, 1L),
                Map.entry(Total.DECODED_TOKENS, 4L),
                Map.entry(Total.DECODE_NANOS, nanos(100)),
                Map.entry(Total.ANSWERS, 1L),
                Map.entry(Total.ANSWER_NANOS, nanos(500)),
                Map.entry(Total.ENDED, 1L),
                Map.entry(Total.PROMPTED_ANSWERS, 1L),
                Map.entry(Total.PROMPT_TOKENS, 30L),
                Map.entry(Total.MEASURED_ANSWERS, 1L),
                Map.entry(Total.OUTPUT_TOKENS, 5L))),
        new Exchange(
            "a stream that does not: the prompt is estimated, the events count",
            test -> {
              test.head(STREAM);
              test.piece(100, "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\"}}]}\n\n");
              test.piece(200, TOKEN);
              test.piece(300, TOKEN);
              test.completed(300);
            },
            List.of("reserved", "accepted", "first 0.1", "completed 200 0.3 NaN 2.0"),
            Map.ofEntries(
                Map.entry(Total.FIRST_TOKENS, 1L),
                Map.entry(Total.FIRST_TOKEN_NANOS, nanos(200)),
                Map.entry(Total.PREFILLED_ANSWERS, 1L),
                Map.entry(Total.PREFILLED_TOKENS, 20L),
                Map.entry(Total.PREFILL_NANOS, nanos(200)),
                Map.entry(Total.DECODED_ANSWERS, 1L),
                Map.entry(Total.DECODED_TOKENS, 1L),
                Map.entry(Total.DECODE_NANOS, nanos(100)),
                Map.entry(Total.ANSWERS, 1L),
                Map.entry(Total.ANSWER_NANOS, nanos(300)),
                Map.entry(Total.ENDED, 1L),
                Map.entry(Total.PROMPTED_ANSWERS, 1L),
                Map.entry(Total.PROMPT_TOKENS, 20L),
                Map.entry(Total.MEASURED_ANSWERS, 1L),
                Map.entry(Total.OUTPUT_TOKENS, 2L))),
        new Exchange(
            "a stream that comes in one piece tells nothing of the pace",
            test -> {
              test.head(STREAM);
              test.piece(900, TOKEN + TOKEN + DONE);
              test.completed(900);
            },
            List.of("reserved", "accepted", "first 0.9", "completed 200 0.9 NaN 2.0"),
            Map.of(
                Total.ANSWERS, 1L,
                Total.ANSWER_NANOS, nanos(900),
                Total.ENDED, 1L,
                Total.PROMPTED_ANSWERS, 1L,
                Total.PROMPT_TOKENS, 20L,
                Total.MEASURED_ANSWERS, 1L,
                Total.OUTPUT_TOKENS, 2L)),
        new Exchange(
            "a whole answer",
            test -> {
              test.head(JSON);
              test.piece(400, USAGE);
              test.completed(500);
            },
            List.of("reserved", "accepted", "first 0.4", "completed 200 0.5 30.0 5.0"),
            Map.of(
                Total.ANSWERS, 1L,
                Total.ANSWER_NANOS, nanos(500),
                Total.ENDED, 1L,
                Total.PROMPTED_ANSWERS, 1L,
                Total.PROMPT_TOKENS, 30L,
                Total.MEASURED_ANSWERS, 1L,
                Total.OUTPUT_TOKENS, 5L)),
        new Exchange(
            "an answer whose body nobody sees",
            test -> {
              test.head(JSON);
              test.completed(500);
            },
            List.of("reserved", "accepted", "completed 200 0.5 NaN NaN"),
            Map.of(Total.ANSWERS, 1L, Total.ANSWER_NANOS, nanos(500), Total.ENDED, 1L)),
        new Exchange(
            "an engine's error",
            test -> {
              test.head(new AnswerHead(500, "application/json", null));
              test.piece(10, USAGE);
              test.completed(10);
            },
            List.of("reserved", "first 0.01", "completed 500 0.01 NaN NaN"),
            Map.of(Total.ENDED, 1L, Total.FAILED, 1L)),
        new Exchange(
            "a request that is at fault",
            test -> {
              test.head(new AnswerHead(400, "application/json", null));
              test.completed(10);
            },
            List.of("reserved", "completed 400 0.01 NaN NaN"),
            Map.of(Total.ENDED, 1L)),
        new Exchange(
            "no answer",
            test -> test.observation.failed(),
            List.of("reserved", "failed"),
            Map.of(Total.ENDED, 1L, Total.FAILED, 1L)),
        new Exchange(
            "a client that leaves in the middle, told twice",
            test -> {
              test.head(STREAM);
              test.piece(200, TOKEN);
              test.piece(300, TOKEN);
              test.observation.cancelled();
              test.observation.failed();
              test.piece(400, TOKEN);
              test.completed(500);
            },
            List.of("reserved", "accepted", "first 0.2", "cancelled"),
            Map.of(Total.FIRST_TOKENS, 1L, Total.FIRST_TOKEN_NANOS, nanos(200))),
        new Exchange(
            "the first head counts",
            test -> {
              test.head(new AnswerHead(503, null, null));
              test.head(JSON);
              test.completed(10);
            },
            List.of("reserved", "completed 503 0.01 NaN NaN"),
            Map.of(Total.ENDED, 1L, Total.FAILED, 1L)));
  }

  @ParameterizedTest
  @MethodSource("exchanges")
  void anExchangeIsMeasuredAndTold(Exchange exchange) {
    begin();

    exchange.course().accept(this);

    assertThat(news).isEqualTo(exchange.news());
    assertThat(totals()).isEqualTo(exchange.totals());
  }

  private Map<Total, Long> totals() {
    var read = new double[Total.values().length];
    endpoint.traffic().read(read);
    var totals = new EnumMap<Total, Long>(Total.class);
    for (var total : Total.values()) {
      if (total != Total.BUSY_NANOS && read[total.ordinal()] != 0) {
        totals.put(total, (long) read[total.ordinal()]);
      }
    }
    return totals;
  }

  /**
   * Of a pair the strategies of the chain are told when the prompt was computed, while it lasts.
   */
  @Test
  void whoComputedThePromptIsToldToStrategies() {
    var pair = new Bench("a", "b");
    var told = new ArrayList<String>();
    var strategy =
        new ExchangeObserver() {
          @Override
          public void onPrefilled(RouteRequest request, Endpoint prefill) {
            told.add(prefill.host());
          }
        };
    observation =
        new Observation(
            pair.router(), List.of(strategy), Bench.request("random"), pair.endpoint("a"));

    observation.prefilled(pair.endpoint("b"));
    observation.cancelled();
    observation.prefilled(pair.endpoint("b"));

    assertThat(told).containsExactly("b");
  }
}
