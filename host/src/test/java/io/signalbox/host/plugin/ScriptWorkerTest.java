package io.signalbox.host.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.script.Grants;
import io.signalbox.host.script.ScriptRuntime;
import io.signalbox.host.script.ScriptSource;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a script thread is late. The supervisor is not started: the test asks in its stead. */
class ScriptWorkerTest {
  private static final Duration LIMIT = Duration.ofMillis(200);
  private static final String SCRIPT =
      """
      export const strategy = { name: "idle", kind: "filter" };
      export function keep() { return true; }
      """;

  private final ScriptRuntime runtime = new ScriptRuntime();
  private final ScriptSupervisor supervisor = new ScriptSupervisor();
  private final ScriptWorker worker =
      new ScriptWorker(
          "idle",
          new Opening(
              () ->
                  runtime.prepare(
                      ScriptSource.of("idle.mjs", SCRIPT),
                      Grants.NONE,
                      (level, line) -> {},
                      new SplittableRandom(1)),
              Duration.ofMinutes(1)),
          supervisor);

  @AfterEach
  void stop() throws TimeoutException {
    worker.close().await(20, TimeUnit.SECONDS);
    supervisor.close();
    runtime.close();
  }

  /** Looks as the supervisor does, for a minute at most. */
  private boolean becomesOverdue() {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (!worker.isOverdue() && System.nanoTime() < end) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
    return worker.isOverdue();
  }

  @Test
  void aJobThatWorksIsLateOnceItUsedItsLimitTwice() throws Exception {
    worker.start().await(60, TimeUnit.SECONDS);
    var goOn = new AtomicBoolean(true);
    assertThat(
            worker.offer(
                new TaskJob<>(
                    LIMIT,
                    script -> {
                      while (goOn.get()) {
                        Thread.onSpinWait();
                      }
                      return script;
                    })))
        .isTrue();

    assertThat(becomesOverdue()).isTrue();

    goOn.set(false);
  }

  @Test
  void aJobThatStandsStillHasMoreTimeByTheClock() throws Exception {
    worker.start().await(60, TimeUnit.SECONDS);
    var end = new CountDownLatch(1);
    long begin = System.nanoTime();
    assertThat(
            worker.offer(
                new TaskJob<>(
                    LIMIT,
                    script -> {
                      try {
                        var _ = end.await(1, TimeUnit.MINUTES);
                      } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                      }
                      return script;
                    })))
        .isTrue();

    assertThat(becomesOverdue()).isTrue();
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin);

    // Nineteen times the limit after it.
    assertThat(seconds).isGreaterThanOrEqualTo(3);
    end.countDown();
  }
}
