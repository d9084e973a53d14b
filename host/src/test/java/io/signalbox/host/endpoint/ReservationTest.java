package io.signalbox.host.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.config.EndpointAddress;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReservationTest {
  private static final int THREADS = 8;

  private final RegisteredEndpoint endpoint =
      new RegisteredEndpoint(
          "m", "vllm", new EndpointAddress("a", "10.0.0.1", 8000), new Traffic(() -> 0));

  @Test
  void countsFromReserveToRelease() {
    var first = endpoint.reserve();
    var second = endpoint.reserve();
    assertThat(endpoint.inFlight()).isEqualTo(2);

    first.release();
    assertThat(endpoint.inFlight()).isEqualTo(1);

    second.release();
    assertThat(endpoint.inFlight()).isZero();
  }

  @Test
  void onlyTheFirstReleaseCounts() {
    var released = endpoint.reserve();
    var other = endpoint.reserve();
    released.release();
    released.release();

    assertThat(endpoint.inFlight()).isEqualTo(1);
    other.release();
    assertThat(endpoint.inFlight()).isZero();
  }

  @Test
  void eightThreadsReleaseEachReservationOnceTogether() throws Exception {
    var reservations = Stream.generate(endpoint::reserve).limit(500).toList();
    var kept = endpoint.reserve();
    var start = new CyclicBarrier(THREADS);
    Callable<Integer> thread =
        () -> {
          var arrival = start.await();
          reservations.forEach(Reservation::release);
          return arrival;
        };
    try (var threads = Executors.newFixedThreadPool(THREADS)) {
      for (var done : threads.invokeAll(Collections.nCopies(THREADS, thread))) {
        assertThat(done.get()).isBetween(0, THREADS - 1);
      }
    }

    assertThat(endpoint.inFlight()).isEqualTo(1);
    kept.release();
    assertThat(endpoint.inFlight()).isZero();
  }
}
