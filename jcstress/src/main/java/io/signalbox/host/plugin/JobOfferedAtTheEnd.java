package io.signalbox.host.plugin;

import io.signalbox.host.script.Script;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/** A question comes while the script's thread is given up. */
@JCStressTest
@Outcome(id = "true, 1", expect = Expect.ACCEPTABLE, desc = "Taken, and told that it is over.")
@Outcome(id = "false, 0", expect = Expect.ACCEPTABLE, desc = "Not taken.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Taken and forgotten, or told without being taken.")
@State
public class JobOfferedAtTheEnd {
  private static final Opening OPENING =
      new Opening(
          () -> {
            throw new IllegalStateException("never opened");
          },
          Duration.ofSeconds(1));

  private static final ScriptSupervisor SUPERVISOR = new ScriptSupervisor();

  private final ScriptWorker worker = new ScriptWorker("p", OPENING, SUPERVISOR);
  private final AtomicInteger told = new AtomicInteger();

  @Actor
  public void offer(ZI_Result result) {
    result.r1 = worker.offer(new Waiting(told));
  }

  @Actor
  public void giveUp() {
    var _ = worker.abandon("test");
  }

  @Arbiter
  public void count(ZI_Result result) {
    result.r2 = told.get();
  }

  private record Waiting(AtomicInteger told) implements Job {
    @Override
    public void run(Script script) {
      throw new IllegalStateException("nobody runs it");
    }

    @Override
    public void cancelled(String why) {
      told.incrementAndGet();
    }
  }
}
