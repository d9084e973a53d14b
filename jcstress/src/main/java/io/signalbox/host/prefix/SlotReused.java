package io.signalbox.host.prefix;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** The only slot of a table goes from one block to another, while the first is looked up. */
@JCStressTest
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "Its own holder.")
@Outcome(id = "false, false", expect = Expect.ACCEPTABLE, desc = "Nobody any more.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The holder of the other block.")
@State
public class SlotReused {
  private static final long BLOCK = 7;
  private static final long OTHER_BLOCK = 8;
  private static final int HOLDER = 0;
  private static final int OTHER_HOLDER = 1;

  private final BlockTable table = new BlockTable(1, 1);

  public SlotReused() {
    table.hold(BLOCK, HOLDER);
  }

  @Actor
  public void write() {
    table.release(BLOCK, HOLDER);
    table.hold(OTHER_BLOCK, OTHER_HOLDER);
  }

  @Actor
  public void lookUp(ZZ_Result result) {
    var holders = table.holders(BLOCK);
    result.r1 = holders.contains(HOLDER);
    result.r2 = holders.contains(OTHER_HOLDER);
  }
}
