package io.signalbox.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BusyShareTest {
  private final BusyShare busy = new BusyShare();

  private static long millis(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }

  @Test
  void anIdleEngineIsNotBusy() {
    assertThat(busy.at(0)).isZero();
    assertThat(busy.at(millis(100_000))).isZero();
  }

  @Test
  void stepsCountWhereTheyLieHoweverLongTheyAre() {
    busy.add(millis(500), millis(3_000));
    busy.add(millis(3_000), millis(3_250));

    assertThat(busy.at(millis(10_000))).isEqualTo(0.275, within(1e-9));
    assertThat(busy.at(millis(12_000))).isEqualTo(0.125, within(1e-9));
    assertThat(busy.at(millis(14_000))).isZero();
  }

  @Test
  void oneThatAlwaysComputesIsBusyAllTheTime() {
    for (int at = 0; at < 100_000; at += 300) {
      busy.add(millis(at), millis(at + 300));
    }

    assertThat(busy.at(millis(99_900))).isEqualTo(1);
    assertThat(busy.at(millis(200_000))).isZero();
  }
}
