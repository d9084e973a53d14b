package io.signalbox.host.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.plugin.Breaker.Permit;
import io.signalbox.host.plugin.Breaker.State;
import io.signalbox.host.plugin.CallWindow.Counts;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BreakerTest {
  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(5));
  private final List<State> told = new ArrayList<>();
  private final Breaker breaker = new Breaker(BreakerRules.DEFAULT, clock::get, told::add);

  private Permit permit() {
    return Objects.requireNonNull(breaker.ask(), "the breaker lets nothing through");
  }

  private void succeed(int times) {
    for (int i = 0; i < times; i++) {
      permit().succeeded();
    }
  }

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      permit().failed();
    }
  }

  private void passMillis(long millis) {
    clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  private void open() {
    fail(20);
    assertThat(breaker.state()).isEqualTo(State.OPEN);
  }

  /** Calls in this order, and the state after them. */
  record Row(String name, int succeeded, int failed, State state) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Row> rows() {
    return List.of(
        new Row("no call at all", 0, 0, State.CLOSED),
        new Row("too few calls", 0, 19, State.CLOSED),
        new Row("just enough calls", 0, 20, State.OPEN),
        new Row("half of them failed", 10, 10, State.OPEN),
        new Row("one less than half failed", 11, 10, State.CLOSED),
        new Row("many calls, half failed", 500, 500, State.OPEN),
        new Row("many calls, one less than half failed", 500, 499, State.CLOSED));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void theShareOfFailuresOpens(Row row) {
    succeed(row.succeeded());
    fail(row.failed());

    assertThat(breaker.state()).isEqualTo(row.state());
  }

  /** How long after the first calls the last one comes, and whether the first still count. */
  record Age(String name, long millis, State state) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Age> ages() {
    return List.of(
        new Age("in the same slice", 0, State.OPEN),
        new Age("in the window's last slice", 9_999, State.OPEN),
        new Age("after the window", 10_000, State.CLOSED),
        new Age("long after the window", 1_000_000, State.CLOSED));
  }

  @ParameterizedTest
  @MethodSource("ages")
  void callsCountForTheWindow(Age age) {
    fail(19);
    passMillis(age.millis());
    fail(1);

    assertThat(breaker.state()).isEqualTo(age.state());
  }

  @Test
  void whatIsCountedCanBeAsked() {
    succeed(3);
    passMillis(5_000);
    fail(2);
    assertThat(breaker.counts()).isEqualTo(new Counts(5, 2));

    passMillis(5_000);
    assertThat(breaker.counts()).isEqualTo(new Counts(2, 2));
  }

  @Test
  void aDroppedCallCountsForNothing() {
    for (int i = 0; i < 100; i++) {
      permit().dropped();
    }

    assertThat(breaker.counts()).isEqualTo(new Counts(0, 0));
  }

  @Test
  void openLetsNothingThroughUntilItsTimeIsOver() {
    open();
    assertThat(breaker.ask()).isNull();

    passMillis(999);
    assertThat(breaker.ask()).isNull();
    assertThat(breaker.state()).isEqualTo(State.OPEN);

    passMillis(1);
    assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
    assertThat(breaker.ask()).isNotNull();
  }

  @Test
  void halfOpenLetsSomeProbesThroughAndClosesWhenAllSucceeded() {
    open();
    passMillis(1_000);
    var probes = List.of(permit(), permit(), permit(), permit(), permit());
    assertThat(breaker.ask()).isNull();

    probes.subList(0, 4).forEach(Permit::succeeded);
    assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);

    probes.getLast().succeeded();
    assertThat(breaker.state()).isEqualTo(State.CLOSED);
    assertThat(breaker.counts()).isEqualTo(new Counts(0, 0));
    assertThat(told).containsExactly(State.OPEN, State.HALF_OPEN, State.CLOSED);
  }

  @Test
  void oneFailedProbeOpensAgain() {
    open();
    passMillis(1_000);
    var probes = List.of(permit(), permit());
    probes.getFirst().failed();
    probes.getLast().succeeded();

    assertThat(breaker.state()).isEqualTo(State.OPEN);
    assertThat(breaker.ask()).isNull();
  }

  @Test
  void aDroppedProbeMakesRoomForAnother() {
    open();
    passMillis(1_000);
    for (int i = 0; i < 100; i++) {
      permit().dropped();
    }

    assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
  }

  @Test
  void probesThatNeverReportAreMadeUpFor() {
    open();
    passMillis(1_000);
    var lost = List.of(permit(), permit(), permit(), permit(), permit());
    passMillis(999);
    assertThat(breaker.ask()).isNull();

    passMillis(1);
    succeed(4);
    lost.forEach(Permit::succeeded);
    assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);

    succeed(1);
    assertThat(breaker.state()).isEqualTo(State.CLOSED);
  }

  @Test
  void eachFailureAfterItDoublesTheTimeUpToAMinute() {
    open();
    for (long millis : new long[] {1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000}) {
      passMillis(millis - 1);
      assertThat(breaker.state()).as("%s ms", millis).isEqualTo(State.OPEN);
      passMillis(1);
      assertThat(breaker.state()).as("%s ms", millis).isEqualTo(State.HALF_OPEN);
      fail(1);
    }
  }

  /** How long a breaker that was open for 1 s is closed, and how long it is then open. */
  record Again(String name, long closedMillis, long openMillis) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Again> agains() {
    return List.of(
        new Again("at once", 0, 2_000),
        new Again("within a minute", 59_999, 2_000),
        new Again("after a minute", 60_000, 1_000));
  }

  @ParameterizedTest
  @MethodSource("agains")
  void theTimeIsTheFirstAgainOnceItWasClosedForAMinute(Again again) {
    open();
    passMillis(1_000);
    succeed(5);
    passMillis(again.closedMillis());
    open();

    passMillis(again.openMillis() - 1);
    assertThat(breaker.state()).isEqualTo(State.OPEN);
    passMillis(1);
    assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
  }

  @Test
  void whatEndsLateCountsForNothing() {
    var late = List.of(permit(), permit(), permit(), permit(), permit());
    open();
    late.forEach(Permit::failed);
    passMillis(1_000);
    late.forEach(Permit::succeeded);
    late.forEach(Permit::failed);

    assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
    assertThat(told).containsExactly(State.OPEN);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void noCallOfManyThreadsIsLost(int threads) throws Exception {
    var running = new ArrayList<Thread>();
    for (int i = 0; i < threads; i++) {
      running.add(Thread.ofPlatform().start(() -> succeed(10_000)));
    }
    for (var thread : running) {
      thread.join();
    }

    assertThat(breaker.counts()).isEqualTo(new Counts(10_000L * threads, 0));
  }
}
