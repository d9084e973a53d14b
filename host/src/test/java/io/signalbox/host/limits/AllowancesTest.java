package io.signalbox.host.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.config.LimitsConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AllowancesTest {
  private static final Quota TWO = Quota.of(LimitsConfig.perMinute(2, LimitsConfig.UNLIMITED));

  private final AtomicLong now = new AtomicLong();

  private static Allowances allowances(int most) {
    return new Allowances(most);
  }

  private Allowance entered(Allowances allowances, String name) {
    return Objects.requireNonNull(allowances.enter(name, now.get()), name).allowance();
  }

  private boolean takes(Allowances allowances, String name) {
    var allowance = entered(allowances, name);
    boolean taken = allowance.take(TWO, 0, now.get()) == null;
    allowance.leave();
    return taken;
  }

  @Test
  void thereAreNoMoreThanAllowed() {
    var allowances = allowances(3);
    for (var name : List.of("a", "b", "c")) {
      assertThat(takes(allowances, name)).isTrue();
    }

    assertThat(allowances.enter("d", 0)).isNull();
    assertThat(takes(allowances, "a")).isTrue();
    assertThat(allowances.size()).isEqualTo(3);
  }

  @Test
  void whatIsFullAgainMakesRoom() {
    var allowances = allowances(3);
    for (var name : List.of("a", "b", "c")) {
      assertThat(takes(allowances, name)).isTrue();
    }
    now.addAndGet(TimeUnit.MINUTES.toNanos(1));

    assertThat(takes(allowances, "d")).isTrue();
    assertThat(allowances.size()).isEqualTo(1);
  }

  @Test
  void whoeverIsInsideIsNotForgottenThoughNothingIsMissing() {
    var allowances = allowances(1);
    var inside = entered(allowances, "a");

    assertThat(allowances.enter("b", 0)).isNull();
    inside.leave();
    assertThat(allowances.enter("b", 0)).isNotNull();
  }

  @Test
  void tenThousandUsersAreCountedEachForItself() {
    var allowances = allowances(100_000);
    for (int round = 0; round < 3; round++) {
      for (int user = 0; user < 10_000; user++) {
        assertThat(takes(allowances, "user-" + user)).isEqualTo(round < 2);
      }
    }
    assertThat(allowances.size()).isEqualTo(10_000);
  }

  /** Names come and go on several threads, in less room than they need, and none gets too much. */
  @Test
  void forgettingNeverAdmitsTooMany() throws InterruptedException {
    int names = 64;
    var allowances = allowances(names / 2);
    var taken = new AtomicInteger[names];
    for (int i = 0; i < names; i++) {
      taken[i] = new AtomicInteger();
    }
    var done = new CountDownLatch(4);
    var threads = new ArrayList<Thread>();
    for (int t = 0; t < 4; t++) {
      int first = t;
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int i = 0; i < 200_000; i++) {
                  int name = (first * 17 + i * 31) % names;
                  var entered = allowances.enter("n" + name, 0);
                  if (entered != null) {
                    if (entered.allowance().take(TWO, 0, 0) == null) {
                      taken[name].incrementAndGet();
                    }
                    entered.allowance().leave();
                  }
                }
                done.countDown();
              }));
    }
    assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
    for (var thread : threads) {
      thread.join();
    }

    assertThat(taken).allSatisfy(count -> assertThat(count.get()).isLessThanOrEqualTo(2));
    assertThat(allowances.size()).isLessThanOrEqualTo(names / 2 + threads.size());
  }

  @Test
  void neverAreMoreInsideThanAllowedAtATime() throws InterruptedException {
    var one = new Quota(null, null, null, 3);
    var allowances = allowances(10);
    var inside = new AtomicInteger();
    var tooMany = new AtomicInteger();
    var admitted = new AtomicInteger();
    var threads = new ArrayList<Thread>();
    for (int t = 0; t < 8; t++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int i = 0; i < 50_000; i++) {
                  var entered = Objects.requireNonNull(allowances.enter("a", 0));
                  if (entered.allowance().take(one, entered.count(), 0, 0) == null) {
                    admitted.incrementAndGet();
                    if (inside.incrementAndGet() > 3) {
                      tooMany.incrementAndGet();
                    }
                    inside.decrementAndGet();
                  }
                  entered.allowance().leave();
                }
              }));
    }
    for (var thread : threads) {
      thread.join();
    }

    assertThat(tooMany).hasValue(0);
    assertThat(admitted).hasPositiveValue();
  }
}
