package io.signalbox.host.prefix;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.config.PrefixIndexConfig;
import io.signalbox.host.endpoint.EndpointRegistry;
import io.signalbox.host.endpoint.Fleet;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.request.RequestHeaders;
import io.signalbox.host.request.ScanResult.Scanned;
import io.signalbox.host.telemetry.PrefixMetrics;
import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.Signal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The indexes of all models, from requests and fleets. Blocks have eight bytes, two tokens. */
class PrefixIndexesTest {
  private static final PrefixIndexConfig CONFIG = new PrefixIndexConfig(1024, 8, 0);
  private static final String PROMPT = "\"prompt\": \"0123456789abcdef\"";

  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final EndpointRegistry registry = new EndpointRegistry();
  private final PrefixIndexes indexes =
      new PrefixIndexes(new PrefixMetrics(meters), new SplittableRandom(1));

  private Fleet fleet(String... models) {
    return registry.apply(Stream.of(models).map(model -> model(model, "10.0.0.1")).toList());
  }

  private static ModelConfig model(String name, String... hosts) {
    return new ModelConfig(
        name, "vllm", Stream.of(hosts).map(host -> new EndpointAddress(host, host, 8000)).toList());
  }

  private static RegisteredEndpoint first(Fleet fleet, String model) {
    return fleet.models().getOrDefault(model, List.of()).getFirst();
  }

  private static InferenceRequest request(String model, String members) {
    return new InferenceRequest(
        new Scanned(model, null, false),
        RequestHeaders.of(Map.of()),
        () -> ByteBuffer.wrap(("{" + members + "}").getBytes(StandardCharsets.UTF_8)));
  }

  private record One(Endpoint only) implements Candidates {
    @Override
    public int size() {
      return 1;
    }

    @Override
    public Endpoint endpoint(int index) {
      return only;
    }

    @Override
    public double[] column(Signal signal) {
      throw new UnsupportedOperationException();
    }
  }

  private double cached(InferenceRequest request, Endpoint endpoint) {
    var tokens = new double[1];
    Arrays.fill(tokens, -1);
    indexes.cachedTokens(request, new One(endpoint), tokens);
    return tokens[0];
  }

  private double blocks() {
    return meters.get("signalbox.prefix.blocks").gauge().value();
  }

  @Test
  void eachModelHasItsOwn() {
    var fleet = fleet("a", "b");
    indexes.apply(CONFIG, fleet);
    var request = request("a", PROMPT);
    assertThat(cached(request, first(fleet, "a"))).isZero();

    indexes.onAccepted(request, first(fleet, "a"));

    assertThat(cached(request("a", PROMPT), first(fleet, "a"))).isEqualTo(4);
    assertThat(cached(request("b", PROMPT), first(fleet, "b"))).isZero();
  }

  @Test
  void aRequestNobodyLookedUpIsNotLearned() {
    var fleet = fleet("a");
    indexes.apply(CONFIG, fleet);

    indexes.onAccepted(request("a", PROMPT), first(fleet, "a"));

    assertThat(blocks()).isZero();
  }

  @Test
  void whatHasNoPromptIsUnknown() {
    var fleet = fleet("a");
    indexes.apply(CONFIG, fleet);

    assertThat(cached(request("a", ""), first(fleet, "a"))).isNaN();
    assertThat(cached(request("a", "\"prompt\": \"short\""), first(fleet, "a"))).isZero();
    assertThat(cached(request("unknown", PROMPT), first(fleet, "a"))).isNaN();
  }

  @Test
  void aReloadKeepsWhatItDoesNotChange() {
    var fleet = fleet("a", "b");
    indexes.apply(CONFIG, fleet);
    for (var model : List.of("a", "b")) {
      var request = request(model, PROMPT);
      assertThat(cached(request, first(fleet, model))).isZero();
      indexes.onAccepted(request, first(fleet, model));
    }
    assertThat(blocks()).isEqualTo(4);

    var smaller = fleet("b", "c");
    indexes.apply(CONFIG, smaller);
    assertThat(blocks()).isEqualTo(2);
    assertThat(cached(request("b", PROMPT), first(smaller, "b"))).isEqualTo(4);

    indexes.apply(new PrefixIndexConfig(1024, 8, 1), smaller);
    assertThat(blocks()).isZero();
    assertThat(cached(request("b", PROMPT), first(smaller, "b"))).isZero();
  }
}
