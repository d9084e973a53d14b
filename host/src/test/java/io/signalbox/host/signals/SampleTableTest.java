package io.signalbox.host.signals;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.endpoint.EndpointRegistry;
import io.signalbox.host.endpoint.Fleet;
import io.signalbox.sdk.Signal;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SampleTableTest {
  private static final long MAX_AGE = 600;
  private static final String FIRST = "10.0.0.1:8000";
  private static final String SECOND = "10.0.0.2:8000";

  private final SampleTable table = new SampleTable();
  private final Fleet fleet = fleet("10.0.0.1", "10.0.0.2");

  private static Fleet fleet(String... ips) {
    var endpoints = Stream.of(ips).map(ip -> new EndpointAddress(ip, ip, 8000)).toList();
    return new EndpointRegistry().apply(List.of(new ModelConfig("m", "vllm", endpoints)));
  }

  private ModelSnapshot snapshot(long now) {
    return table.snapshot(fleet, now, MAX_AGE).model("m").orElseThrow();
  }

  private double waiting(long now) {
    return snapshot(now).value(Signal.WAITING, 0);
  }

  record Freshness(String name, long takenAt, long now, boolean fresh) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Freshness> freshness() {
    return List.of(
        new Freshness("taken now", 1_000, 1_000, true),
        new Freshness("just younger than the limit", 1_000, 1_000 + MAX_AGE - 1, true),
        new Freshness("as old as the limit", 1_000, 1_000 + MAX_AGE, true),
        new Freshness("one nanosecond older", 1_000, 1_000 + MAX_AGE + 1, false),
        new Freshness("taken after the snapshot's time", 1_001, 1_000, true),
        new Freshness("below zero", -5_000, -5_000 + MAX_AGE, true),
        new Freshness("old below zero", -5_000, -5_000 + MAX_AGE + 1, false),
        new Freshness("clock wraps, fresh", Long.MAX_VALUE, Long.MIN_VALUE + MAX_AGE - 1, true),
        new Freshness("clock wraps, old", Long.MAX_VALUE, Long.MIN_VALUE + MAX_AGE, false));
  }

  @ParameterizedTest
  @MethodSource("freshness")
  void aSampleCountsUpToTheLargestAge(Freshness row) {
    table.put(FIRST, Signal.WAITING, new Sample(4, row.takenAt()));

    assertThat(Double.isNaN(waiting(row.now()))).isEqualTo(!row.fresh());
    assertThat(snapshot(row.now()).sampledAtNanos(Signal.WAITING, 0)).isEqualTo(row.takenAt());
  }

  @Test
  void whatWasNeverSampledIsUnknown() {
    table.put(FIRST, Signal.WAITING, new Sample(4, 0));

    assertThat(snapshot(0).value(Signal.RUNNING, 0)).isNaN();
    assertThat(snapshot(0).sampledAtNanos(Signal.RUNNING, 0)).isEqualTo(ModelSnapshot.NEVER);
    assertThat(snapshot(0).value(Signal.WAITING, 1)).isNaN();
    assertThat(snapshot(0).sampledAtNanos(Signal.WAITING, 1)).isEqualTo(ModelSnapshot.NEVER);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void aValueThatIsNotFiniteIsNoSample(double value) {
    table.put(FIRST, Signal.WAITING, new Sample(value, 0));
    assertThat(waiting(0)).isNaN();

    table.put(FIRST, Signal.WAITING, new Sample(4, 10));
    table.put(FIRST, Signal.WAITING, new Sample(value, 20));
    assertThat(waiting(20)).isEqualTo(4);
    assertThat(snapshot(20).sampledAtNanos(Signal.WAITING, 0)).isEqualTo(10);
  }

  @Test
  void zeroIsAValue() {
    table.put(FIRST, Signal.WAITING, new Sample(0, 0));

    assertThat(waiting(0)).isZero();
  }

  @Test
  void theNewestSampleCounts() {
    table.put(FIRST, Signal.WAITING, new Sample(4, 0));
    table.put(FIRST, Signal.WAITING, new Sample(7, 10));

    assertThat(waiting(10)).isEqualTo(7);
  }

  @Test
  void addressesTheFleetNoLongerHasAreForgotten() {
    table.put(FIRST, Signal.WAITING, new Sample(4, 0));
    table.put(SECOND, Signal.WAITING, new Sample(5, 0));

    table.retain(fleet("10.0.0.2"));

    assertThat(snapshot(0).value(Signal.WAITING, 0)).isNaN();
    assertThat(snapshot(0).value(Signal.WAITING, 1)).isEqualTo(5);
  }

  @Test
  void aSnapshotDoesNotChangeButForInFlightCounts() {
    table.put(FIRST, Signal.WAITING, new Sample(4, 0));
    var before = snapshot(0);
    table.put(FIRST, Signal.WAITING, new Sample(7, 10));
    before.endpoint(0).reserve();

    assertThat(before.value(Signal.WAITING, 0)).isEqualTo(4);
    assertThat(before.value(Signal.IN_FLIGHT, 0)).isEqualTo(1);
  }

  @Test
  void columnsAreGatheredByPosition() {
    table.put(FIRST, Signal.WAITING, new Sample(4, 0));
    table.put(SECOND, Signal.WAITING, new Sample(5, 0));
    snapshot(0).endpoint(1).reserve();
    var into = new double[] {-1, -1, -1};

    snapshot(0).gather(Signal.WAITING, new int[] {1, 0}, 1, into);
    assertThat(into).containsExactly(5, -1, -1);

    snapshot(0).gather(Signal.IN_FLIGHT, new int[] {0, 1}, 2, into);
    assertThat(into).containsExactly(0, 1, -1);
  }

  @Test
  void onlyConfiguredModelsAreThere() {
    assertThat(table.snapshot(fleet, 0, MAX_AGE).models()).containsExactly("m");
    assertThat(table.snapshot(fleet, 0, MAX_AGE).model("other")).isEmpty();
    assertThat(FleetSnapshot.EMPTY.models()).isEmpty();
    assertThat(ModelSnapshot.EMPTY.size()).isZero();
  }
}
