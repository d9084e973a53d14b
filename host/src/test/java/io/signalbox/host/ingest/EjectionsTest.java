package io.signalbox.host.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.HealthConfig;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.endpoint.EndpointRegistry;
import io.signalbox.host.endpoint.Fleet;
import io.signalbox.host.endpoint.Traffic;
import io.signalbox.host.signals.Availability;
import io.signalbox.host.signals.SampleTable;
import io.signalbox.host.telemetry.HealthMetrics;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Three failures in a row eject for 10 s; at most half of the endpoints. */
class EjectionsTest {
  private static final HealthConfig CONFIG =
      new HealthConfig(3, Duration.ofSeconds(10), 0.5, Optional.empty());

  private final SampleTable samples = new SampleTable();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final EndpointRegistry registry = new EndpointRegistry();
  private final Ejections ejections = new Ejections(CONFIG, samples, new HealthMetrics(meters));
  private Fleet fleet = Fleet.EMPTY;
  private long nowNanos;

  private static List<EndpointAddress> endpoints(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(i -> new EndpointAddress("e" + i, "10.0.0." + i, 8000))
        .toList();
  }

  private void endpointsOf(ModelConfig... models) {
    fleet = registry.apply(List.of(models));
    ejections.follow(fleet);
  }

  private void endpointsAre(int count) {
    endpointsOf(new ModelConfig("m", "vllm", endpoints(count)));
  }

  private Traffic traffic(int endpoint) {
    return fleet.endpoints().get(endpoint).traffic();
  }

  private void fail(int endpoint, int times) {
    for (int i = 0; i < times; i++) {
      traffic(endpoint).failed();
    }
  }

  private Availability after(int seconds, int endpoint) {
    nowNanos += TimeUnit.SECONDS.toNanos(seconds);
    var _ = ejections.look(nowNanos);
    return samples.snapshot(fleet, nowNanos, 0).model("m").orElseThrow().availability(endpoint);
  }

  @Test
  void failuresInARowEject() {
    endpointsAre(2);
    fail(0, 2);
    assertThat(after(0, 0)).isEqualTo(Availability.READY);
    fail(0, 1);
    assertThat(after(0, 0)).isEqualTo(Availability.EJECTED);
    assertThat(after(0, 1)).isEqualTo(Availability.READY);
    assertThat(meters.get("signalbox.ejections").counter().count()).isEqualTo(1);
  }

  @Test
  void anAnswerBetweenThemForgives() {
    endpointsAre(2);
    fail(0, 2);
    traffic(0).answered(1);
    fail(0, 2);
    traffic(0).refused();
    fail(0, 2);

    assertThat(after(0, 0)).isEqualTo(Availability.READY);
  }

  @Test
  void itComesBackByOneThatWorks() {
    endpointsAre(2);
    fail(0, 3);
    assertThat(after(0, 0)).isEqualTo(Availability.EJECTED);
    assertThat(after(9, 0)).isEqualTo(Availability.EJECTED);
    assertThat(after(1, 0)).isEqualTo(Availability.HALF_OPEN);
    assertThat(after(100, 0)).isEqualTo(Availability.HALF_OPEN);

    traffic(0).answered(1);

    assertThat(after(0, 0)).isEqualTo(Availability.READY);
  }

  @Test
  void itGoesAgainByOneThatFailsForTwiceAsLong() {
    endpointsAre(2);
    fail(0, 3);
    assertThat(after(0, 0)).isEqualTo(Availability.EJECTED);
    assertThat(after(10, 0)).isEqualTo(Availability.HALF_OPEN);
    fail(0, 1);
    assertThat(after(0, 0)).isEqualTo(Availability.EJECTED);
    assertThat(after(19, 0)).isEqualTo(Availability.EJECTED);
    assertThat(after(1, 0)).isEqualTo(Availability.HALF_OPEN);
  }

  @Test
  void whoWorkedForLongBeginsAnew() {
    endpointsAre(2);
    for (int seconds : new int[] {10, 20}) {
      fail(0, 3);
      assertThat(after(0, 0)).isEqualTo(Availability.EJECTED);
      assertThat(after(seconds, 0)).isEqualTo(Availability.HALF_OPEN);
      traffic(0).answered(1);
      assertThat(after(0, 0)).isEqualTo(Availability.READY);
    }
    assertThat(after(1_000, 0)).isEqualTo(Availability.READY);

    fail(0, 3);
    assertThat(after(0, 0)).isEqualTo(Availability.EJECTED);
    assertThat(after(10, 0)).isEqualTo(Availability.HALF_OPEN);
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "2, 1", "3, 1", "4, 2", "5, 2", "10, 5"})
  void someAreAlwaysLeft(int endpoints, int ejected) {
    endpointsAre(endpoints);
    for (int i = 0; i < endpoints; i++) {
      fail(i, 3);
    }
    var _ = after(0, 0);
    var snapshot = samples.snapshot(fleet, nowNanos, 0).model("m").orElseThrow();

    assertThat(
            IntStream.range(0, endpoints)
                .filter(i -> snapshot.availability(i) == Availability.EJECTED))
        .hasSize(ejected);
    assertThat(meters.get("signalbox.spared.ejections").counter().count())
        .isEqualTo(endpoints - ejected);
  }

  @Test
  void anAddressIsSparedForEveryModelItServes() {
    endpointsOf(
        new ModelConfig("m", "vllm", endpoints(4)), new ModelConfig("small", "vllm", endpoints(1)));
    fail(0, 3);
    fail(1, 3);
    var _ = after(0, 0);

    assertThat(after(0, 0)).isEqualTo(Availability.READY);
    assertThat(after(0, 1)).isEqualTo(Availability.EJECTED);
  }

  @Test
  void zeroTurnsItOff() {
    var never =
        new Ejections(
            new HealthConfig(0, Duration.ofSeconds(10), 0.5, Optional.empty()),
            samples,
            new HealthMetrics(meters));
    endpointsAre(2);
    never.follow(fleet);
    fail(0, 1_000);

    assertThat(never.look(0)).isFalse();
  }

  @Test
  void whoStopsReadmitsAll() {
    endpointsAre(2);
    fail(0, 3);
    assertThat(after(0, 0)).isEqualTo(Availability.EJECTED);

    ejections.close();

    assertThat(samples.snapshot(fleet, 0, 0).model("m").orElseThrow().availability(0))
        .isEqualTo(Availability.READY);
  }

  @Test
  void anAddressThatIsGoneIsForgotten() {
    endpointsAre(4);
    fail(0, 3);
    fail(1, 3);
    assertThat(after(0, 1)).isEqualTo(Availability.EJECTED);

    endpointsOf(new ModelConfig("m", "vllm", endpoints(4).subList(2, 4)));
    fail(0, 3);

    assertThat(after(0, 0)).isEqualTo(Availability.EJECTED);
  }
}
