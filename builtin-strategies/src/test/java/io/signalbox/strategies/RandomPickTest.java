package io.signalbox.strategies;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.sdk.Picker;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RandomPickTest {
  private static final int ENDPOINTS = 8;
  private static final int PICKS = 80_000;

  /** The value that chi-square with 7 degrees of freedom exceeds once in a thousand. */
  private static final double CRITICAL = 24.32;

  private final Picker picker = (Picker) Columns.create(RandomPick.factory(), Map.of());

  @Test
  void isUniform() {
    var candidates = Columns.ports(IntStream.range(1, ENDPOINTS + 1).toArray());
    var counts = new int[ENDPOINTS];
    for (int i = 0; i < PICKS; i++) {
      counts[picker.pick(Columns.request("m"), candidates)]++;
    }

    double expected = (double) PICKS / ENDPOINTS;
    double chiSquare =
        IntStream.of(counts).mapToDouble(n -> (n - expected) * (n - expected) / expected).sum();
    assertThat(chiSquare).isLessThan(CRITICAL);
  }

  @Test
  void oneCandidateIsTheChoice() {
    assertThat(picker.pick(Columns.request("m"), Columns.ports(1))).isZero();
  }
}
