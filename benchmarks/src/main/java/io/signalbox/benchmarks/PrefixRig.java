package io.signalbox.benchmarks;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.signalbox.host.config.PrefixIndexConfig;
import io.signalbox.host.endpoint.Fleet;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.prefix.PrefixIndexes;
import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.signals.FleetSnapshot;
import io.signalbox.host.signals.ModelSnapshot;
import io.signalbox.host.telemetry.PrefixMetrics;
import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.Signal;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** A prefix index over endpoints that do not exist. For one thread that looks up. */
final class PrefixRig {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final PrefixIndexes indexes =
      new PrefixIndexes(new PrefixMetrics(meters), new SplittableRandom(1));
  private final FleetSnapshot snapshot;
  private final All candidates;
  private final double[] tokens;

  private record All(List<RegisteredEndpoint> endpoints) implements Candidates {
    @Override
    public int size() {
      return endpoints.size();
    }

    @Override
    public Endpoint endpoint(int index) {
      return endpoints.get(index);
    }

    @Override
    public double[] column(Signal signal) {
      throw new UnsupportedOperationException();
    }
  }

  PrefixRig(PrefixIndexConfig config, int endpoints) {
    snapshot = SampledFleet.of(endpoints, Map.of());
    var model = snapshot.model(RequestBodies.MODEL).orElse(ModelSnapshot.EMPTY);
    candidates = new All(IntStream.range(0, endpoints).mapToObj(model::endpoint).toList());
    tokens = new double[endpoints];
    indexes.apply(
        config, new Fleet(new TreeMap<>(Map.of(RequestBodies.MODEL, candidates.endpoints()))));
  }

  FleetSnapshot snapshot() {
    return snapshot;
  }

  PrefixIndexes indexes() {
    return indexes;
  }

  /** Looks a prompt up for all endpoints; what the first of them has cached. */
  double lookUp(InferenceRequest request) {
    indexes.cachedTokens(request, candidates, tokens);
    return tokens[0];
  }

  /** An endpoint accepts a prompt, which was looked up once. Any thread, one at a time. */
  void learn(InferenceRequest request, int endpoint) {
    indexes.onAccepted(request, candidates.endpoint(endpoint));
  }

  /** Blocks in the index. */
  double blocks() {
    return meters.get("signalbox.prefix.blocks").gauge().value();
  }
}
