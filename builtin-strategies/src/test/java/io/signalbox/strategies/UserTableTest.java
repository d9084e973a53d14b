package io.signalbox.strategies;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.strategies.UserTable.Range;
import java.util.ArrayList;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class UserTableTest {
  private static final int WINDOW = 20;
  private static final long SECOND = 1_000_000_000L;

  private static void serve(UserTable users, String user, double tokens, long now) {
    var counter = users.enter(user, 0, now);
    if (counter != null) {
      counter.charge(UserTokens.slot(now), tokens);
      counter.leave(0);
    }
  }

  @Test
  void theRangeIsOverUsersWhoWereServed() {
    var users = new UserTable(8);
    assertThat(users.range(0, WINDOW)).isEqualTo(Range.NOBODY);
    serve(users, "nothing", 0, 0);
    serve(users, "little", 10, 0);
    serve(users, "much", 1_000, 0);
    assertThat(users.range(0, WINDOW)).isEqualTo(new Range(10, 1_000, 0));

    assertThat(users.enter("much", 50, 0)).isNotNull();

    assertThat(users.range(0, WINDOW)).isEqualTo(new Range(10, 1_050, 1_050));
    // What was served leaves with the window, the estimate stays.
    assertThat(users.range(WINDOW, WINDOW)).isEqualTo(new Range(50, 50, 50));
  }

  @Test
  void inAFullTableTheLeastServedOfTheIdleLeave() {
    var users = new UserTable(64);
    assertThat(users.enter("active", 1, 0)).isNotNull();
    for (int i = 1; i < 64; i++) {
      serve(users, "user-" + i, i, 0);
    }

    serve(users, "one-more", 50, 0);

    assertThat(users.find("active")).isNotNull();
    assertThat(users.find("one-more")).isNotNull();
    assertThat(users.find("user-32")).isNull();
    assertThat(users.find("user-33")).isNotNull();
  }

  @Test
  void whenAllAreInFlightAnotherIsNotCounted() {
    var users = new UserTable(2);

    assertThat(users.enter("a", 1, 0)).isNotNull();
    assertThat(users.enter("b", 1, 0)).isNotNull();
    assertThat(users.enter("c", 1, 0)).isNull();
    assertThat(users.size()).isEqualTo(2);
  }

  @Test
  void aLongNameCountsAsItsBeginning() {
    var users = new UserTable(2);
    serve(users, "u".repeat(100_000), 10, 0);

    assertThat(users.find("u".repeat(UserTable.MAX_NAME_CHARACTERS))).isNotNull();
  }

  @Test
  void roomIsMadeAtMostFourTimesASecond() {
    var users = new UserTable(2);
    serve(users, "a", 10, SECOND);
    serve(users, "b", 20, SECOND);
    serve(users, "c", 100, SECOND);
    assertThat(users.find("a")).isNull();
    assertThat(users.find("c")).isNotNull();

    serve(users, "d", 5, SECOND + SECOND / 5);
    assertThat(users.find("d")).isNull();
    serve(users, "d", 5, SECOND + SECOND / 4);

    assertThat(users.find("d")).isNotNull();
    assertThat(users.find("b")).isNull();
    assertThat(users.find("c")).isNotNull();
  }

  @Test
  void eightThreadsThatCrowdASmallTableLeaveNothingInFlight() throws Exception {
    var users = new UserTable(16);
    var now = new AtomicLong();
    var calls = new ArrayList<Callable<Integer>>();
    for (int thread = 0; thread < 8; thread++) {
      int seed = thread;
      calls.add(() -> crowd(users, now, new SplittableRandom(seed)));
    }
    int counted = 0;
    try (var threads = Executors.newFixedThreadPool(8)) {
      for (var done : threads.invokeAll(calls)) {
        counted += done.get();
      }
    }

    assertThat(counted).isPositive();
    assertThat(users.size()).isBetween(1, 16 + 8);
    for (int user = 0; user < 100; user++) {
      var counter = users.find("user-" + user);
      if (counter != null) {
        assertThat(counter.inFlight()).isZero();
      }
    }
    assertThat(users.range(UserTokens.slot(now.get()) + WINDOW, WINDOW)).isEqualTo(Range.NOBODY);
  }

  /** Requests of one thread, two in flight at a time; says how many were counted. */
  private static int crowd(UserTable users, AtomicLong now, SplittableRandom random) {
    var before = "user-0";
    int counted = users.enter(before, 7, now.get()) == null ? 0 : 1;
    for (int i = 0; i < 20_000; i++) {
      var user = "user-" + random.nextInt(100);
      long time = now.addAndGet(SECOND / 1_000);
      counted += users.enter(user, 7, time) == null ? 0 : 1;
      end(users, before, time);
      before = user;
    }
    end(users, before, now.get());
    return counted;
  }

  private static void end(UserTable users, String user, long time) {
    var counter = users.find(user);
    if (counter != null) {
      counter.charge(UserTokens.slot(time), 3);
      counter.leave(7);
    }
  }
}
