package io.signalbox.host.signals;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GrowthWindowTest {
  private static final long WINDOW = 120;

  private final GrowthWindow window = new GrowthWindow(2, WINDOW);

  private void note(double first, double second, long at) {
    window.note(new double[] {first, second}, at);
  }

  @Test
  void beforeTwoNotesNothingHasGrown() {
    assertThat(window.growth(0)).isZero();
    assertThat(window.spanNanos()).isZero();

    note(1_000_000, 5, -40);
    assertThat(window.growth(0)).isZero();
    assertThat(window.spanNanos()).isZero();
  }

  @Test
  void whatGrewSinceTheFirstNoteCounts() {
    note(100, 5, 0);
    note(130, 5, 7);

    assertThat(window.growth(0)).isEqualTo(30);
    assertThat(window.growth(1)).isZero();
    assertThat(window.spanNanos()).isEqualTo(7);
  }

  @Test
  void theWindowMovesOn() {
    for (int at = 0; at <= 10 * WINDOW; at++) {
      note(3.0 * at, at, at);
      assertThat(window.growth(0)).isEqualTo(3.0 * window.spanNanos());
      assertThat(window.spanNanos()).isLessThanOrEqualTo(WINDOW);
      if (at >= WINDOW) {
        assertThat(window.spanNanos()).isGreaterThanOrEqualTo(WINDOW - WINDOW / 12);
      }
    }
  }

  @Test
  void whatHappenedBeforeTheWindowIsForgotten() {
    for (int at = 0; at <= 3 * WINDOW; at += 5) {
      note(at < 100 ? at : 100, 0, at);
    }

    assertThat(window.growth(0)).isZero();
  }

  @Test
  void aTotalThatBeganAnewGoesOnGrowing() {
    note(1_000, 50, 0);
    note(1_010, 51, 10);
    note(4, 2, 20);
    note(9, 3, 30);

    assertThat(window.growth(0)).isEqualTo(10 + 9);
    assertThat(window.growth(1)).isEqualTo(1 + 3);
  }

  @Test
  void afterAPauseTheWindowIsAsLongAsThePause() {
    note(0, 0, 0);
    note(10, 0, 10);
    note(40, 0, 10 + 5 * WINDOW);

    assertThat(window.growth(0)).isEqualTo(30);
    assertThat(window.spanNanos()).isEqualTo(5 * WINDOW);
  }
}
