package io.signalbox.host.signals;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.endpoint.EndpointRegistry;
import io.signalbox.host.endpoint.Fleet;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who is a candidate: of the endpoints a, b and c. */
class AvailabilityTest {
  private static final String A = "10.0.0.1:8000";
  private static final String B = "10.0.0.2:8000";
  private static final String C = "10.0.0.3:8000";

  private final SampleTable table = new SampleTable();
  private final Fleet fleet =
      new EndpointRegistry()
          .apply(
              List.of(
                  new ModelConfig(
                      "m",
                      "vllm",
                      Stream.of("10.0.0.1", "10.0.0.2", "10.0.0.3")
                          .map(ip -> new EndpointAddress(ip, ip, 8000))
                          .toList())));

  private ModelSnapshot snapshot() {
    return table.snapshot(fleet, 0, 0).model("m").orElseThrow();
  }

  private static List<Integer> ready(ModelSnapshot snapshot) {
    var into = new int[snapshot.size()];
    return Arrays.stream(into, 0, snapshot.copyReady(into)).boxed().toList();
  }

  record Row(
      String name, Consumer<SampleTable> happened, Availability ofA, List<Integer> candidates) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Row> rows() {
    return List.of(
        new Row("nothing is known", table -> {}, Availability.READY, List.of(0, 1, 2)),
        new Row(
            "a takes no connection",
            t -> t.unreachable(A),
            Availability.UNREACHABLE,
            List.of(1, 2)),
        new Row("a sleeps", t -> t.asleep(A), Availability.SLEEPING, List.of(1, 2)),
        new Row("a is not healthy", t -> t.unhealthy(A), Availability.UNHEALTHY, List.of(1, 2)),
        new Row("a was ejected", t -> t.ejected(A), Availability.EJECTED, List.of(1, 2)),
        new Row(
            "a is half open, and idle",
            t -> t.halfOpen(A),
            Availability.HALF_OPEN,
            List.of(0, 1, 2)),
        new Row(
            "a is back in every way",
            t -> {
              t.unreachable(A);
              t.asleep(A);
              t.unhealthy(A);
              t.ejected(A);
              t.reachable(A);
              t.awake(A);
              t.healthy(A);
              t.readmitted(A);
            },
            Availability.READY,
            List.of(0, 1, 2)),
        new Row(
            "a has several reasons",
            t -> {
              t.ejected(A);
              t.unreachable(A);
            },
            Availability.UNREACHABLE,
            List.of(1, 2)),
        new Row(
            "none is ready: all are candidates",
            t -> {
              t.unreachable(A);
              t.asleep(B);
              t.ejected(C);
            },
            Availability.UNREACHABLE,
            List.of(0, 1, 2)));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void whoCanBeACandidate(Row row) {
    row.happened().accept(table);

    assertThat(snapshot().availability(0)).isEqualTo(row.ofA());
    assertThat(ready(snapshot())).containsExactlyElementsOf(row.candidates());
  }

  @Test
  void whoIsHalfOpenGetsOneRequestAtATime() {
    table.halfOpen(A);
    var snapshot = snapshot();
    var reservation = snapshot.endpoint(0).reserve();
    assertThat(ready(snapshot)).containsExactly(1, 2);

    reservation.release();
    assertThat(ready(snapshot)).containsExactly(0, 1, 2);

    snapshot.endpoint(0).traffic().failed();
    assertThat(ready(snapshot)).containsExactly(1, 2);

    snapshot.endpoint(0).traffic().refused();
    assertThat(ready(snapshot)).containsExactly(0, 1, 2);
  }

  @Test
  void whereOnlyWhoIsHalfOpenIsLeftItIsACandidate() {
    table.halfOpen(A);
    table.ejected(B);
    table.unreachable(C);
    var snapshot = snapshot();
    var _ = snapshot.endpoint(0).reserve();

    assertThat(ready(snapshot)).containsExactly(0);
  }

  @Test
  void anEngineIsKnownOnceItIs() {
    assertThat(snapshot().engine(0)).isEmpty();
    table.engine(A, "sglang");

    assertThat(snapshot().engine(0)).isEqualTo("sglang");
    table.forgetEngines();
    assertThat(snapshot().engine(0)).isEmpty();
  }
}
