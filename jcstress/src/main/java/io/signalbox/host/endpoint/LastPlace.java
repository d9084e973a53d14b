package io.signalbox.host.endpoint;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZI_Result;

/** Two decisions want the last place of an endpoint. */
@JCStressTest
@Outcome(
    id = {"true, false, 1", "false, true, 1"},
    expect = Expect.ACCEPTABLE,
    desc = "One has it.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Both have it, or nobody, or the count is another.")
@State
public class LastPlace {
  private final InFlight inFlight = new InFlight(() -> 0);

  @Actor
  public void one(ZZI_Result result) {
    result.r1 = Reservation.below(1, inFlight) != null;
  }

  @Actor
  public void other(ZZI_Result result) {
    result.r2 = Reservation.below(1, inFlight) != null;
  }

  @Arbiter
  public void count(ZZI_Result result) {
    result.r3 = inFlight.get();
  }
}
