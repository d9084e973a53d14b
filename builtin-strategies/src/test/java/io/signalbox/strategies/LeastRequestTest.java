package io.signalbox.strategies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.signalbox.sdk.Band;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.ParameterException;
import io.signalbox.sdk.Scorer;
import io.signalbox.sdk.Signal;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LeastRequestTest {
  private static Scorer create(Map<String, String> parameters) {
    return (Scorer) Columns.create(LeastRequest.factory(), parameters);
  }

  @Test
  void theScoreIsOurRequestsInFlight() {
    var scores = Columns.of(Signal.IN_FLIGHT, 3, 0, 12).scoredBy(create(Map.of()));

    assertThat(scores).containsExactly(3, 0, 12);
  }

  @Test
  void fewerAreBetterAndOnlyTiesStay() {
    assertThat(create(Map.of()).prefers()).isEqualTo(Direction.LOWER);
    assertThat(create(Map.of()).defaultBand()).isEqualTo(Band.EXACT);
  }

  @Test
  void slotsFillTheAbsoluteScale() {
    assertThat(create(Map.of()).naturalScale()).isEqualTo(256);
    assertThat(create(Map.of("slots", "64")).naturalScale()).isEqualTo(64);
    assertThatExceptionOfType(ParameterException.class)
        .isThrownBy(() -> create(Map.of("slots", "0")));
  }
}
