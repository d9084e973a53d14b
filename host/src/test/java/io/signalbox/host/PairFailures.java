package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.PairFleet.Shape;
import io.signalbox.simulator.Disaggregation.Protocol;
import io.signalbox.simulator.Fault;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;

/** Where the engines of a pair can fail a request, and what becomes of it then, for both doors. */
final class PairFailures {
  /** A point at which an engine fails. */
  enum Point {
    NOTHING("success"),
    PREFILL_REFUSES("unreachable"),
    PREFILL_ANSWERS_500("failed"),
    PREFILL_HANGS("timeout"),
    PREFILL_DIES("failed"),
    /** It has computed the prompt. */
    PREFILL_DIES_LATE("failed"),
    DECODE_REFUSES("success"),
    DECODE_DIES("success");

    private final String outcome;

    Point(String outcome) {
      this.outcome = outcome;
    }
  }

  record Row(Protocol protocol, Point point) {
    @Override
    public String toString() {
      return protocol + ", " + point;
    }

    /** Whether both engines work at the same time, and what decode was sent may be in vain. */
    boolean isAtOnce() {
      return protocol == Protocol.SGLANG || protocol == Protocol.MOONCAKE;
    }

    /** In one piece; and as a stream where that can make a difference. */
    private List<String> bodies() {
      return isAtOnce() ? List.of(WHOLE, STREAM) : List.of(WHOLE);
    }

    private Shape shape() {
      return switch (point) {
        case PREFILL_REFUSES -> Shape.FIRST_PREFILL_GONE;
        case DECODE_REFUSES -> Shape.FIRST_DECODE_GONE;
        case NOTHING,
            PREFILL_ANSWERS_500,
            PREFILL_HANGS,
            PREFILL_DIES,
            PREFILL_DIES_LATE,
            DECODE_DIES ->
            Shape.TWO_SETS;
      };
    }

    /** Long where nothing hangs, since the machine may be busy. */
    private Duration timeout() {
      return point == Point.PREFILL_HANGS ? Duration.ofSeconds(1) : PATIENT;
    }
  }

  private static final String WHOLE = Bodies.chat("the same as ever", 6);
  private static final String STREAM = Bodies.stream("the same as ever", 6);

  private static final Duration PATIENT = Duration.ofSeconds(20);

  /** Half of the requests meet the set that is broken. */
  private static final int MANY = 60;

  private PairFailures() {}

  /** Every dialect at every point; of the doors, this one. */
  static Stream<Row> gateway() {
    return Stream.of(Protocol.values())
        .flatMap(protocol -> Stream.of(Point.values()).map(point -> new Row(protocol, point)));
  }

  /** Behind Envoy, where decode's failures are Envoy's to answer. */
  static Stream<Row> envoy() {
    return gateway().filter(row -> !row.point().name().startsWith("DECODE"));
  }

  /** Sends requests until one of each kind has met what is broken. */
  static void check(Row row, Function<RunningHost, Client> door) throws Exception {
    try (var fleet = PairFleet.start(row.protocol(), row.shape(), row.timeout())) {
      var client = door.apply(fleet.host());
      breakAt(row.point(), fleet);
      for (var body : row.bodies()) {
        var last = client.chat(body);
        for (int i = 0; i < MANY && !hasMet(row, last); i++) {
          assertServed(body, last);
          last = client.chat(body);
        }

        assertThat(hasMet(row, last)).as("met what is broken: " + last.headers()).isTrue();
        if (row.point() == Point.DECODE_DIES) {
          Answers.assertRefusal(last, 502, "engine-failed", null);
        } else {
          assertServed(body, last);
          assertThat(fleet.prefills(row.point().outcome)).isPositive();
        }
      }
      fleet.host().awaitIdle();
    }
  }

  /** Kills a prefill engine that works on some of many requests. */
  static void kill(Protocol protocol, Function<RunningHost, Client> door) throws Exception {
    try (var fleet = PairFleet.start(protocol, Shape.TWO_SETS, PATIENT)) {
      var client = door.apply(fleet.host());
      var killed = fleet.prefills().getFirst();
      killed.inject(new Fault.Stall(0));
      var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
      Eventually.until(
          PATIENT,
          () -> {
            answers.add(client.chatAsync(Bodies.chat("of " + answers.size(), 2)));
            answers.add(client.chatAsync(Bodies.stream("of " + answers.size(), 2)));
            return killed.requestsReceived() > 1;
          },
          "no request meets the engine");
      Eventually.result(killed.stop());

      assertThat(answers)
          .allSatisfy(answer -> assertThat(answer.join().statusCode()).isEqualTo(200));
      assertThat(fleet.fallbacks("pair")).isPositive();
      fleet.host().awaitIdle();
    }
  }

  private static void breakAt(Point point, PairFleet fleet) {
    var prefill = fleet.prefills().getFirst();
    switch (point) {
      case NOTHING, PREFILL_REFUSES, DECODE_REFUSES -> {}
      case PREFILL_ANSWERS_500 -> prefill.inject(new Fault.ServerError(500));
      case PREFILL_HANGS -> prefill.inject(new Fault.Stall(0));
      case PREFILL_DIES -> prefill.inject(new Fault.Reset(0));
      case PREFILL_DIES_LATE -> prefill.inject(new Fault.Reset(1));
      case DECODE_DIES -> fleet.decodes().forEach(decode -> decode.inject(new Fault.Reset(0)));
    }
  }

  private static boolean hasMet(Row row, HttpResponse<String> last) {
    var degraded = Answers.header(last, "x-signalbox-degraded");
    return switch (row.point()) {
      case NOTHING -> true;
      case DECODE_REFUSES -> degraded.matches("decode \\S+ unreachable");
      case DECODE_DIES -> last.statusCode() == 502;
      case PREFILL_REFUSES, PREFILL_ANSWERS_500, PREFILL_HANGS, PREFILL_DIES, PREFILL_DIES_LATE ->
          degraded.matches("prefill \\S+ failed");
    };
  }

  private static void assertServed(String body, HttpResponse<String> answer) {
    assertThat(answer.statusCode())
        .as("%s %s", answer.headers().map(), answer.body())
        .isEqualTo(200);
    assertThat(Answers.header(answer, "prefill-target-pod")).isNotEmpty();
    if (body.equals(STREAM)) {
      assertThat(Answers.header(answer, "content-type")).startsWith("text/event-stream");
      assertThat(answer.body())
          .contains(Answers.header(answer, "target-pod"))
          .endsWith("data: [DONE]\n\n");
    } else {
      assertThat(Answers.servedBy(answer)).isEqualTo(Answers.header(answer, "target-pod"));
    }
  }
}
