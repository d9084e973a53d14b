package io.signalbox.host.signals;

import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.endpoint.EndpointRegistry;
import io.signalbox.host.endpoint.Fleet;
import io.signalbox.sdk.Signal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.DD_Result;

/** A snapshot is handed over by a race, as nobody does: what is immutable is whole even then. */
@JCStressTest
@Outcome(id = "NaN, NaN", expect = Expect.ACCEPTABLE, desc = "Not there yet.")
@Outcome(id = "3.0, 0.5", expect = Expect.ACCEPTABLE, desc = "All of it.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A part of it.")
@State
public class SnapshotHandedOver {
  private static final Fleet FLEET =
      new EndpointRegistry(() -> 0)
          .apply(
              List.of(
                  new ModelConfig(
                      "m",
                      ModelConfig.DEFAULT_ENGINE,
                      List.of(new EndpointAddress("10.0.0.1:8000", "10.0.0.1", 8000)))));

  private @Nullable FleetSnapshot snapshot;

  @Actor
  public void publish() {
    var samples = new SampleTable();
    samples.put("10.0.0.1:8000", Signal.WAITING, new Sample(3, 0));
    samples.put("10.0.0.1:8000", Signal.KV_CACHE_USAGE, new Sample(0.5, 0));
    snapshot = samples.snapshot(FLEET, 0, 0);
  }

  @Actor
  public void decide(DD_Result result) {
    var seen = snapshot;
    result.r1 = Double.NaN;
    result.r2 = Double.NaN;
    if (seen != null) {
      var model = seen.model("m").orElseThrow();
      result.r1 = model.value(Signal.WAITING, 0);
      result.r2 = model.value(Signal.KV_CACHE_USAGE, 0);
    }
  }
}
