package io.signalbox.strategies;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class UserTokensTest {
  private static final int WINDOW = 10;

  /** Tokens served in a slot. */
  record Charge(long slot, double tokens) {}

  /** What the counter says in a slot when these charges were made before. */
  record Row(String name, long slot, double total, List<Charge> charges) {
    Row(String name, long slot, double total, Charge... charges) {
      this(name, slot, total, List.of(charges));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static List<Row> rows() {
    long boundary = 1L << 20;
    return List.of(
        new Row("nothing", 5, 0),
        new Row("one slot adds up", 0, 65, new Charge(0, 40), new Charge(0, 25)),
        new Row("so do several", 9, 65, new Charge(0, 40), new Charge(3, 25)),
        new Row("fractions count", 0, 0.5, new Charge(0, 0.25), new Charge(0, 0.25)),
        new Row("what is not above 0 does not", 0, 50, new Charge(0, -20), new Charge(0, 50)),
        new Row("a number that is none does not", 0, 0, new Charge(0, Double.NaN)),
        new Row("the window passes", 12, 0, new Charge(0, 40), new Charge(1, 15)),
        new Row("the same again after it", 11, 100, new Charge(0, 100), new Charge(11, 100)),
        new Row(
            "a part of it passes",
            12,
            37,
            new Charge(0, 100),
            new Charge(6, 7),
            new Charge(12, 30)),
        new Row(
            "a place is used again after all slots", 40, 7, new Charge(0, 100), new Charge(40, 7)),
        new Row(
            "slot numbers pass the bits they are kept in",
            boundary + 2,
            7,
            new Charge(boundary - 2, 3),
            new Charge(boundary + 1, 4)),
        new Row("time may be below 0", 1, 7, new Charge(-2, 3), new Charge(0, 4)),
        new Row(
            "a counter stops at the top and does not wrap",
            0,
            (double) ((1L << 44) - 1) / 16,
            new Charge(0, 1e30),
            new Charge(0, 1e30)));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void whatTheWindowHolds(Row row) {
    var counter = new UserTokens();
    row.charges().forEach(charge -> counter.charge(charge.slot(), charge.tokens()));

    assertThat(counter.total(row.slot(), WINDOW)).isEqualTo(row.total());
  }

  @Test
  void anEstimateCountsWhileItsRequestIsInFlightHoweverLong() {
    var counter = new UserTokens();

    assertThat(counter.enter(70)).isTrue();
    assertThat(counter.enter(30)).isTrue();
    assertThat(counter.total(0, WINDOW)).isEqualTo(100);
    assertThat(counter.total(1_000, WINDOW)).isEqualTo(100);
    counter.leave(70);
    assertThat(counter.total(1_000, WINDOW)).isEqualTo(30);
    assertThat(counter.inFlight()).isEqualTo(1);
  }

  @Test
  void nothingGoesBelowZero() {
    var counter = new UserTokens();
    counter.leave(70);
    counter.leave(70);

    assertThat(counter.total(0, WINDOW)).isZero();
    assertThat(counter.inFlight()).isZero();
    assertThat(counter.enter(5)).isTrue();
    assertThat(counter.total(0, WINDOW)).isEqualTo(5);
  }

  @Test
  void onlyACounterWithNothingInFlightIsDropped() {
    var counter = new UserTokens();

    assertThat(counter.enter(1)).isTrue();
    assertThat(counter.retire()).isFalse();
    counter.leave(1);
    assertThat(counter.retire()).isTrue();
    assertThat(counter.enter(1)).isFalse();
    counter.leave(1);
    assertThat(counter.enter(1)).isFalse();
  }

  @Test
  void eightThreadsLoseNothing() throws Exception {
    var counter = new UserTokens();
    var calls = new ArrayList<Callable<Boolean>>();
    for (int thread = 0; thread < 8; thread++) {
      calls.add(() -> {
        boolean entered = true;
        for (int i = 0; i < 10_000; i++) {
          entered &= counter.enter(3);
          counter.charge(i % WINDOW, 2);
          counter.leave(3);
        }
        return entered;
      });
    }
    try (var threads = Executors.newFixedThreadPool(8)) {
      for (var entered : threads.invokeAll(calls)) {
        assertThat(entered.get()).isTrue();
      }
    }

    assertThat(counter.inFlight()).isZero();
    assertThat(counter.total(WINDOW - 1, WINDOW)).isEqualTo(160_000);
  }
}
