package io.signalbox.host.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.GpuProfileConfig;
import io.signalbox.host.config.GpuProfileConfig.Slo;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.config.ModelRouting;
import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.request.OutputLengths;
import io.signalbox.host.request.RequestHeaders;
import io.signalbox.host.request.ScanResult.Scanned;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Signal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProfileSignalsTest {
  /** One with room for so many short answers; long ones take all of it. */
  private static GpuProfileConfig profile(double shortAnswers) {
    return new GpuProfileConfig(
        List.of(1.0, 1_000.0),
        List.of(1.0),
        List.of(List.of(shortAnswers), List.of(1.0)),
        List.of(List.of(1.0), List.of(1.0)),
        List.of(),
        new Slo(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(Duration.ofSeconds(3))));
  }

  private static EndpointAddress endpoint(String host, Map<String, String> labels) {
    return new EndpointAddress(host, host, 8000, labels);
  }

  private static RouteRequest request(double mostTokens, OutputLengths lengths) {
    var nothing = ByteBuffer.allocate(0);
    return new InferenceRequest(
        new Scanned("m", null, false, mostTokens),
        RequestHeaders.of(Map.of()),
        () -> nothing,
        lengths);
  }

  private static double[] column(
      Signal signal, RouteRequest request, Map<String, GpuProfileConfig> profiles) {
    var endpoints =
        List.of(
            endpoint("a", Map.of("gpu", "a100")),
            endpoint("b", Map.of("gpu", "unheard-of")),
            endpoint("c", Map.of()));
    var signals = new ProfileSignals();
    signals.apply(
        List.of(
            new ModelConfig(
                "m", "vllm", endpoints, ModelRouting.NONE, Optional.empty(), profiles)));
    var candidates = new CandidateSet(signals);
    candidates.reset(request, new Bench(endpoints).snapshot().model("m").orElseThrow());
    return Arrays.copyOf(candidates.column(signal), candidates.size());
  }

  private static final RouteRequest PLAIN = request(Double.POSITIVE_INFINITY, OutputLengths.NONE);

  @Test
  void anEndpointHasTheProfileItNamesElseTheDefaultOneElseNone() {
    var both = Map.of("a100", profile(4), "default", profile(2));

    assertThat(column(Signal.CONSUMPTION, PLAIN, both)).containsExactly(0.25, 0.5, 0.5);
    assertThat(column(Signal.CONSUMPTION, PLAIN, Map.of("a100", profile(4))))
        .containsExactly(0.25, Double.NaN, Double.NaN);
    assertThat(column(Signal.CONSUMPTION, PLAIN, Map.of()))
        .containsExactly(Double.NaN, Double.NaN, Double.NaN);
    assertThat(column(Signal.SLO_SLACK, PLAIN, both)).containsExactly(2, 2, 2);
  }

  @Test
  void anAnswerIsAsLongAsExpectedElseAsAllowedElseShort() {
    var profiles = Map.of("default", profile(2));
    var known = new OutputLengths(() -> 0, () -> Duration.ofMinutes(1));
    known.add("m", 2);

    assertThat(column(Signal.CONSUMPTION, request(900, known), profiles)).containsOnly(0.5);
    assertThat(column(Signal.CONSUMPTION, request(900, OutputLengths.NONE), profiles))
        .containsOnly(1);
    assertThat(column(Signal.CONSUMPTION, PLAIN, profiles)).containsOnly(0.5);
  }
}
