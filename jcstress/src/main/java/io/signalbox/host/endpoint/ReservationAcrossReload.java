package io.signalbox.host.endpoint;

import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.ModelConfig;
import java.util.List;
import java.util.Map;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** A fleet is replaced by one with a model more, while a decision reads it and reserves. */
@JCStressTest
@Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "The fleet before.")
@Outcome(id = "2, 2, 1", expect = Expect.ACCEPTABLE, desc = "The fleet after.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Half a fleet, or a request that no longer counts.")
@State
public class ReservationAcrossReload {
  private static final List<ModelConfig> BEFORE = List.of(model("a", Map.of()));

  private static final List<ModelConfig> AFTER =
      List.of(model("a", Map.of("size", "large")), model("b", Map.of()));

  private final EndpointRegistry registry = new EndpointRegistry(() -> 0);

  public ReservationAcrossReload() {
    var _ = registry.apply(BEFORE);
  }

  private static ModelConfig model(String name, Map<String, String> labels) {
    return new ModelConfig(
        name,
        ModelConfig.DEFAULT_ENGINE,
        List.of(new EndpointAddress("10.0.0.1:8000", "10.0.0.1", 8000, labels)));
  }

  @Actor
  public void reload() {
    var _ = registry.apply(AFTER);
  }

  @Actor
  public void decide(III_Result result) {
    var fleet = registry.fleet();
    result.r1 = fleet.models().size();
    result.r2 = fleet.endpoints().size();
    var _ = fleet.endpoints().getFirst().reserve();
  }

  @Arbiter
  public void count(III_Result result) {
    result.r3 = registry.fleet().endpoints().getFirst().inFlight();
  }
}
