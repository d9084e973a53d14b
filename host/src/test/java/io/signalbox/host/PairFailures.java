package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.PairFleet.Shape;
import io.signalbox.simulator.Disaggregation.Protocol;
import io.signalbox.simulator.Fault;
import java.net.http.HttpResponse;
import java.time.Duration;
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

  /** What a client gets. */
  enum Outcome {
    /** Another pair serves it. */
    THE_ANSWER,
    PREFILL_FAILED,
    ENGINE_FAILED
  }

  record Row(Protocol protocol, Point point, Outcome gets) {
    @Override
    public String toString() {
      return protocol + ", " + point;
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
      return point == Point.PREFILL_HANGS ? Duration.ofSeconds(1) : Duration.ofSeconds(20);
    }
  }

  private static final String BODY = Bodies.chat("the same as ever", 6);

  /** Half of the requests meet the set that is broken. */
  private static final int MANY = 60;

  private PairFailures() {}

  /** Every dialect at every point; of the doors, this one. */
  static Stream<Row> gateway() {
    return rows(false);
  }

  /**
   * Behind Envoy, which is told where to go before a prefill engine that works at the same time has
   * answered, and decode's failures are Envoy's to answer.
   */
  static Stream<Row> envoy() {
    return rows(true);
  }

  private static Stream<Row> rows(boolean behindEnvoy) {
    return Stream.of(Protocol.values())
        .flatMap(protocol ->
            Stream.of(Point.values())
                .filter(point -> !behindEnvoy || !point.name().startsWith("DECODE"))
                .map(point -> new Row(protocol, point, gets(protocol, point, behindEnvoy))));
  }

  private static Outcome gets(Protocol protocol, Point point, boolean behindEnvoy) {
    boolean atOnce = protocol == Protocol.SGLANG || protocol == Protocol.MOONCAKE;
    return switch (point) {
      case NOTHING, PREFILL_REFUSES, DECODE_REFUSES -> Outcome.THE_ANSWER;
      case PREFILL_ANSWERS_500, PREFILL_HANGS, PREFILL_DIES, PREFILL_DIES_LATE ->
          behindEnvoy && atOnce ? Outcome.PREFILL_FAILED : Outcome.THE_ANSWER;
      case DECODE_DIES -> Outcome.ENGINE_FAILED;
    };
  }

  /** Sends requests until one has met what is broken. */
  static void check(Row row, Function<RunningHost, Client> door) throws Exception {
    try (var fleet = PairFleet.start(row.protocol(), row.shape(), row.timeout())) {
      var client = door.apply(fleet.host());
      breakAt(row.point(), fleet);
      var last = client.chat(BODY);
      for (int i = 0; i < MANY && !hasMet(row, fleet, last); i++) {
        assertServed(last);
        last = client.chat(BODY);
      }

      assertThat(hasMet(row, fleet, last)).as("met what is broken").isTrue();
      switch (row.gets()) {
        case THE_ANSWER -> assertServed(last);
        case PREFILL_FAILED -> Answers.assertRefusal(last, 503, "prefill-failed", null);
        case ENGINE_FAILED -> Answers.assertRefusal(last, 502, "engine-failed", null);
      }
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

  private static boolean hasMet(Row row, PairFleet fleet, HttpResponse<String> last) {
    return switch (row.point()) {
      case DECODE_REFUSES -> Answers.header(last, "x-signalbox-degraded").contains("unreachable");
      case DECODE_DIES -> last.statusCode() == 502;
      case NOTHING,
          PREFILL_REFUSES,
          PREFILL_ANSWERS_500,
          PREFILL_HANGS,
          PREFILL_DIES,
          PREFILL_DIES_LATE ->
          fleet.prefills(row.point().outcome) > 0;
    };
  }

  private static void assertServed(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(Answers.servedBy(answer)).isEqualTo(Answers.header(answer, "target-pod"));
    assertThat(Answers.header(answer, "prefill-target-pod")).isNotEmpty();
  }
}
