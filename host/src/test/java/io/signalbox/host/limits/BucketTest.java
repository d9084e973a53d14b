package io.signalbox.host.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BucketTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  @Test
  void theBurstMayComeAtOnceAndNoMore() {
    var rate = Rate.of(60, 7, MINUTE);
    var bucket = new Bucket(0);

    for (int i = 0; i < 7; i++) {
      assertThat(bucket.take(rate, 1, 0)).isZero();
    }
    assertThat(bucket.take(rate, 1, 0)).isEqualTo(SECOND);
    assertThat(bucket.untilFullNanos(rate, 0)).isEqualTo(7 * SECOND);
  }

  @Test
  void oneMoreMayComeWhenItSaidSo() {
    var rate = Rate.of(60, 1, MINUTE);
    var bucket = new Bucket(0);
    assertThat(bucket.take(rate, 1, 0)).isZero();
    long wait = bucket.take(rate, 1, 0);

    assertThat(bucket.take(rate, 1, wait - 1)).isEqualTo(1);
    assertThat(bucket.take(rate, 1, wait)).isZero();
  }

  @Test
  void whatIsGivenBackMayBeTakenAgainAndFillsNobodyOver() {
    var rate = Rate.of(60, 2, MINUTE);
    var bucket = new Bucket(0);
    assertThat(bucket.take(rate, 2, 0)).isZero();

    bucket.giveBack(rate, 1, 0);
    assertThat(bucket.take(rate, 1, 0)).isZero();
    bucket.giveBack(rate, 1, 0);
    bucket.giveBack(rate, 2, 0);

    assertThat(bucket.isFull(0)).isTrue();
    assertThat(bucket.take(rate, 2, 0)).isZero();
    assertThat(bucket.take(rate, 1, 0)).isPositive();
  }

  @Test
  void aDebtHasToBeRefilledFirstAndIsNeverLongerThanAPeriod() {
    var rate = Rate.of(60, 60, MINUTE);
    var bucket = new Bucket(0);

    bucket.charge(rate, 90, 0);
    assertThat(bucket.take(rate, 1, 0)).isEqualTo(31 * SECOND);
    bucket.charge(rate, 1_000_000_000_000L, 0);

    assertThat(bucket.untilFullNanos(rate, 0)).isEqualTo(2 * MINUTE);
    assertThat(rate.left(bucket.untilFullNanos(rate, 0))).isZero();
  }

  @Test
  void aClockThatGoesBackLocksNobodyOutForLong() {
    var rate = Rate.of(60, 60, MINUTE);
    long late = TimeUnit.DAYS.toNanos(1);
    var bucket = new Bucket(late);
    assertThat(bucket.take(rate, 60, late)).isZero();

    assertThat(bucket.take(rate, 1, 0)).isLessThanOrEqualTo(2 * MINUTE);
  }

  @Test
  void aClockThatGoesForthFillsTheBucketAndNoMore() {
    var rate = Rate.of(60, 60, MINUTE);
    var bucket = new Bucket(0);
    assertThat(bucket.take(rate, 60, 0)).isZero();
    long late = TimeUnit.DAYS.toNanos(365);

    assertThat(bucket.take(rate, 61, late)).isPositive();
    assertThat(bucket.take(rate, 60, late)).isZero();
  }

  /** A way that time may go. */
  record Clock(String name, long start, long longestStep, long longestStepBack) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Clock> clocks() {
    return List.of(
        new Clock("goes", 0, SECOND, 0),
        new Clock("jumps", 0, MINUTE, 0),
        new Clock("goes back now and then", 0, SECOND, SECOND),
        new Clock("overflows", Long.MAX_VALUE - 10 * SECOND, SECOND, 0));
  }

  /** Whatever is taken and given back, no more is out than the burst and what was refilled. */
  @ParameterizedTest
  @MethodSource("clocks")
  void neverIsMoreOutThanTheBurstAndTheRefill(Clock clock) {
    for (long seed : LongStream.range(0, 300).toArray()) {
      var random = new SplittableRandom(seed);
      int limit = 1 + random.nextInt(random.nextBoolean() ? 20 : 1_000_000);
      var rate = Rate.of(limit, 1 + random.nextInt(limit), random.nextBoolean() ? MINUTE : SECOND);
      var bucket = new Bucket(clock.start());
      var out = new ArrayList<Long>();
      long now = clock.start();
      long latest = now;
      long total = 0;
      for (int step = 0; step < 500; step++) {
        now += random.nextLong(clock.longestStep());
        if (clock.longestStepBack() > 0 && random.nextInt(20) == 0) {
          now -= random.nextLong(clock.longestStepBack());
        }
        latest = latest - now > 0 ? latest : now;
        if (!out.isEmpty() && random.nextInt(3) == 0) {
          long amount = out.remove(random.nextInt(out.size()));
          bucket.giveBack(rate, amount, now);
          total -= amount;
        } else {
          long amount = 1L + random.nextInt(rate.burst());
          if (bucket.take(rate, amount, now) == 0) {
            out.add(amount);
            total += amount;
          }
        }
        double refilled = (latest - clock.start()) / (double) rate.eachNanos();
        assertThat((double) total)
            .as("seed %d, step %d", seed, step)
            .isLessThanOrEqualTo(rate.burst() + refilled);
      }
    }
  }
}
