package io.signalbox.host.endpoint;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** An exchange ends in two ways at once, while another goes on. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "The other one is still in flight.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Released twice, or not at all.")
@State
public class ReservationReleased {
  private final InFlight inFlight = new InFlight(() -> 0);
  private final Reservation ending = Reservation.of(inFlight);

  public ReservationReleased() {
    var _ = Reservation.of(inFlight);
  }

  @Actor
  public void ends() {
    ending.release();
  }

  @Actor
  public void endsOtherwise() {
    ending.release();
  }

  @Arbiter
  public void count(I_Result result) {
    result.r1 = inFlight.get();
  }
}
