package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.SoakRecord.Course;
import io.signalbox.host.SoakRecord.Failure;
import io.signalbox.host.SoakRecord.Footprint;
import io.signalbox.host.SoakRecord.Notice;
import io.signalbox.host.SoakRecord.Totals;
import io.signalbox.host.SoakRecord.Window;
import io.signalbox.host.SoakVerdict.Fate;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every check of a soak finds what it is for, in records that are doctored. */
final class SoakVerdictTest {
  private static final String SICK = "10.0.0.1:8000";
  private static final String WELL = "10.0.0.2:8000";
  private static final EnumSet<SoakFault> EXPECTED = EnumSet.of(SoakFault.ENGINE_RESETS);
  private static final long MIB = 1 << 20;

  /** A record with one flaw, or none. */
  private static final class Draft {
    private List<Window> windows = List.of(new Window(SICK, SoakFault.ENGINE_RESETS, 100, 200));
    private List<Failure> failures = List.of();
    private List<Notice> notices =
        List.of(new Notice(SoakFault.ENGINE_RESETS, SICK, Course.ANNOUNCED_AND_OVER, 5, ""));
    private List<Footprint> footprints = footprints(i -> new Footprint(50 * MIB, MIB, 100, 40));
    private List<String> log = List.of("10:00:00.000 INFO  Host ready");
    private Totals totals = new Totals(60, 1_000, 10, 9, 0);

    SoakRecord record() {
      return new SoakRecord(
          List.of(SICK, WELL), windows, failures, notices, footprints, log, totals);
    }
  }

  private static List<Footprint> footprints(LongFunction<Footprint> each) {
    return LongStream.range(0, 30).mapToObj(each).toList();
  }

  private static Failure failure(long from, long to, int status, String reason, String endpoint) {
    return new Failure("gateway, whole", from, to, false, status, reason, endpoint, "");
  }

  record Flaw(String name, Consumer<Draft> made, String problem) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Flaw> flaws() {
    return List.of(
        new Flaw(
            "a refusal while an engine was well",
            draft -> draft.failures = List.of(failure(120, 130, 503, "engine-unreachable", SICK)),
            "lost: "),
        new Flaw(
            "a fault that nothing told of",
            draft ->
                draft.notices =
                    List.of(
                        new Notice(
                            SoakFault.ENGINE_RESETS, SICK, Course.NOT_ANNOUNCED, 5, "ejected")),
            "fault: "),
        new Flaw(
            "a fault that was never over",
            draft ->
                draft.notices =
                    List.of(new Notice(SoakFault.ENGINE_RESETS, SICK, Course.NOT_OVER, 5, "ready")),
            "fault: "),
        new Flaw(
            "a fault that could not be made",
            draft ->
                draft.notices =
                    List.of(new Notice(SoakFault.ENGINE_RESETS, SICK, Course.NOT_MADE, 0, "x")),
            "fault: "),
        new Flaw("a kind that never came", draft -> draft.notices = List.of(), "did not happen: "),
        new Flaw(
            "nothing answered",
            draft -> draft.totals = new Totals(60, 0, 10, 9, 0),
            "nothing was answered"),
        new Flaw(
            "a reservation that was not released",
            draft -> draft.totals = new Totals(60, 1_000, 10, 9, 1),
            "left in flight: "),
        new Flaw(
            "clients that went away and were not missed",
            draft -> draft.totals = new Totals(60, 1_000, 10, 0, 0),
            "aborted by clients: "),
        new Flaw(
            "no clients that went away",
            draft -> draft.totals = new Totals(60, 1_000, 0, 0, 0),
            "aborted by clients: "),
        new Flaw(
            "a heap that grows",
            draft ->
                draft.footprints = footprints(i -> new Footprint((50 + 3 * i) * MIB, MIB, 100, 40)),
            "heap after collections grew"),
        new Flaw(
            "buffers that are kept",
            draft ->
                draft.footprints = footprints(i -> new Footprint(50 * MIB, 2 * i * MIB, 100, 40)),
            "native memory grew"),
        new Flaw(
            "descriptors that are not closed",
            draft ->
                draft.footprints = footprints(i -> new Footprint(50 * MIB, MIB, 100 + 12 * i, 40)),
            "open files grew"),
        new Flaw(
            "threads that are left",
            draft ->
                draft.footprints = footprints(i -> new Footprint(50 * MIB, MIB, 100, 40 + 2 * i)),
            "threads grew"),
        new Flaw(
            "too little to compare",
            draft -> draft.footprints = draft.footprints.subList(0, 8),
            "only 8 footprints"),
        new Flaw(
            "a buffer that Netty misses",
            draft -> draft.log = List.of("10:00:00.000 ERROR ResourceLeakDetector LEAK: ..."),
            "log: "),
        new Flaw(
            "an error",
            draft -> draft.log = List.of("10:00:00.000 ERROR GatewayExchange exchange 1 failed"),
            "log: "),
        new Flaw(
            "an exception that nobody caught",
            draft -> draft.log = List.of("Exception in thread \"kv-kafka\" java.lang.Error"),
            "log: "));
  }

  @Test
  void whatLibrariesLogWithoutHarmIsPassedOver() {
    var draft = new Draft();
    draft.log =
        """
        10:00:00.000 ERROR ContextImpl Unhandled exception
        java.lang.IllegalStateException: The stream has been closed
        \tat io.vertx.grpc.common.impl.GrpcWriteStreamBase.writeMessage(GrpcWriteStreamBase.java:217)
        \tat io.vertx.grpc.health.handler.GrpcHealthCheckV1Handler.lambda$handle$1(GrpcHealthCheckV1Handler.java:36)
        10:00:01.000 ERROR DefaultHttp2Connection Caught Throwable from listener onStreamClosed.
        java.lang.NullPointerException: Cannot invoke "io.vertx.core.Promise.fail(java.lang.Throwable)"
        \tat io.vertx.core.http.impl.VertxHttp2Stream$3.cancel(VertxHttp2Stream.java:243)
        10:00:02.000 ERROR ConnectionBase recvAddress(..) failed with error(-104): Connection reset by peer
        """
            .lines()
            .toList();

    assertThat(new SoakVerdict(draft.record()).problems(EXPECTED)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("flaws")
  void aFlawIsFound(Flaw flaw) {
    var draft = new Draft();
    flaw.made().accept(draft);

    assertThat(new SoakVerdict(draft.record()).problems(EXPECTED))
        .singleElement()
        .asString()
        .startsWith(flaw.problem());
  }

  @Test
  void aRecordWithoutFlawsHasNoProblems() {
    assertThat(new SoakVerdict(new Draft().record()).problems(EXPECTED)).isEmpty();
  }

  record Row(String name, Failure failure, Fate fate) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Failure byProxy(String endpoint, String text) {
    return new Failure("Envoy, whole", 120, 130, false, 503, "", endpoint, text);
  }

  private static Failure begun(long from, long to, String endpoint) {
    return new Failure("gateway, stream", from, to, true, 200, "", endpoint, "it ended");
  }

  static Stream<Row> rows() {
    return Stream.of(
        new Row("taken by the sick one", failure(150, 160, 502, "engine-failed", SICK), Fate.TAKEN),
        new Row("taken before it was", failure(50, 101, 502, "engine-failed", SICK), Fate.TAKEN),
        new Row("answered by it", failure(150, 160, 500, "", SICK), Fate.TAKEN),
        new Row("taken by another", failure(150, 160, 502, "engine-failed", WELL), Fate.LOST),
        new Row("taken when it was well", failure(201, 210, 502, "engine-failed", SICK), Fate.LOST),
        new Row("reached nobody", failure(150, 160, 503, "engine-unreachable", SICK), Fate.LOST),
        new Row("a mistake of ours", failure(150, 160, 500, "internal-error", SICK), Fate.LOST),
        new Row("refused by a limit", failure(150, 160, 429, "user-limit", ""), Fate.LOST),
        new Row("without an answer", failure(150, 160, 0, "", ""), Fate.LOST),
        new Row("reset behind a proxy", byProxy("", "reset reason: protocol error"), Fate.TAKEN),
        new Row(
            "reset behind a proxy that names another",
            byProxy(WELL, "reset reason: connection termination"),
            Fate.LOST),
        new Row(
            "not sent by a proxy",
            byProxy(SICK, "reset reason: remote connection failure"),
            Fate.LOST),
        new Row("cut off by the sick one", begun(150, 160, SICK), Fate.CUT_OFF),
        new Row("cut off by another", begun(150, 160, WELL), Fate.LOST));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void whatBecameOfARequest(Row row) {
    assertThat(new SoakVerdict(new Draft().record()).fate(row.failure())).isEqualTo(row.fate());
  }

  @Test
  void whereNobodyWasWellNothingIsLost() {
    var draft = new Draft();
    draft.windows =
        List.of(
            new Window(SICK, SoakFault.ENGINE_RESETS, 100, 200),
            new Window(WELL, SoakFault.CONFIGURATION_CHANGED, 100, 200));
    var failure = failure(150, 160, 503, "engine-unreachable", SICK);

    assertThat(new SoakVerdict(draft.record()).fate(failure)).isEqualTo(Fate.NOBODY_WELL);
  }

  /** A fault that costs nothing explains nothing. */
  @Test
  void aFaultOfMetricsCostsNoRequest() {
    var draft = new Draft();
    draft.windows = List.of(new Window(SICK, SoakFault.METRICS_GONE, 100, 200));
    var failure = failure(150, 160, 502, "engine-failed", SICK);

    assertThat(new SoakVerdict(draft.record()).fate(failure)).isEqualTo(Fate.LOST);
  }
}
