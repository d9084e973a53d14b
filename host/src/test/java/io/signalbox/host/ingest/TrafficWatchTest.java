package io.signalbox.host.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.endpoint.EndpointRegistry;
import io.signalbox.host.endpoint.Fleet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TrafficWatchTest {
  private final TrafficWatch watch = new TrafficWatch();
  private final Fleet fleet =
      new EndpointRegistry()
          .apply(
              List.of(
                  new ModelConfig("m", "vllm", List.of(new EndpointAddress("a", "10.0.0.1", 1))),
                  new ModelConfig(
                      "other", "vllm", List.of(new EndpointAddress("b", "10.0.0.2", 1)))));

  private boolean busy(String model, long second) {
    long now = TimeUnit.SECONDS.toNanos(second);
    watch.look(fleet, now);
    return watch.isBusy(model, now);
  }

  @Test
  void aModelIsIdleWhenItHadNoTrafficForAWhile() {
    assertThat(busy("m", 0)).isTrue();
    assertThat(busy("m", 4)).isTrue();
    assertThat(busy("m", 5)).isFalse();
  }

  @Test
  void requestsInFlightAreTraffic() {
    var _ = busy("m", 0);
    var reservation = fleet.endpoints().getFirst().reserve();

    assertThat(busy("m", 100)).isTrue();
    assertThat(busy("other", 100)).isFalse();
    reservation.release();
    assertThat(busy("m", 104)).isTrue();
    assertThat(busy("m", 105)).isFalse();
  }

  @Test
  void requestsThatCameAndWentAreTraffic() {
    var _ = busy("m", 0);
    fleet.endpoints().getFirst().traffic().refused();

    assertThat(busy("m", 100)).isTrue();
    assertThat(busy("m", 105)).isFalse();
  }

  @Test
  void workThatTheEngineTellsOfIsTraffic() {
    var _ = busy("m", 0);
    assertThat(busy("m", 100)).isFalse();

    watch.hasWork("m", TimeUnit.SECONDS.toNanos(100));

    assertThat(busy("m", 101)).isTrue();
  }

  @Test
  void aModelNobodyLookedAtIsBusy() {
    assertThat(watch.isBusy("new", 0)).isTrue();
  }
}
