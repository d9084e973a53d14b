package io.signalbox.host.chain;

import io.signalbox.host.config.GpuProfileConfig;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.signals.GpuProfile;
import io.signalbox.host.strategy.TableCandidates;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Signal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@link Signal#CONSUMPTION} and {@link Signal#SLO_SLACK}, from the profiles of the configuration.
 * Safe for any thread.
 */
public final class ProfileSignals implements RequestSignals {
  /** What an answer is taken to have while nothing is known of it. */
  private static final double LEAST_OUTPUT = 1;

  private volatile Map<String, Map<String, GpuProfile>> byModel = Map.of();

  /** Knows the profiles of these models from now on. */
  public void apply(List<ModelConfig> models) {
    var next = new HashMap<String, Map<String, GpuProfile>>();
    for (var model : models) {
      var profiles = new HashMap<String, GpuProfile>();
      model.gpuProfiles().forEach((name, profile) -> profiles.put(name, new GpuProfile(profile)));
      next.put(model.name(), Map.copyOf(profiles));
    }
    byModel = Map.copyOf(next);
  }

  @Override
  public void fill(Signal signal, RouteRequest request, TableCandidates candidates, double[] into) {
    var profiles = byModel.getOrDefault(request.model(), Map.of());
    if (profiles.isEmpty()) {
      Arrays.fill(into, 0, candidates.size(), Double.NaN);
      return;
    }
    double output = Math.max(LEAST_OUTPUT, outputTokens(request));
    double prompt = Math.max(0, orNothing(request.promptTokens()));
    GpuProfile known = null;
    double value = Double.NaN;
    for (int i = 0; i < candidates.size(); i++) {
      var profile = profile(profiles, candidates.endpoint(i));
      if (profile != known) {
        known = profile;
        value = profile == null ? Double.NaN : value(signal, profile, output, prompt);
      }
      into[i] = value;
    }
  }

  /** The one its label names, else the default one. */
  private static @Nullable GpuProfile profile(Map<String, GpuProfile> profiles, Endpoint endpoint) {
    var label = endpoint.labels().get(GpuProfileConfig.LABEL);
    var named = label == null ? null : profiles.get(label);
    return named == null ? profiles.get(GpuProfileConfig.DEFAULT) : named;
  }

  private static double value(Signal signal, GpuProfile profile, double output, double prompt) {
    return signal == Signal.CONSUMPTION
        ? profile.consumption(output, prompt)
        : profile.slackSeconds(output, prompt);
  }

  /** As expected; before anything is known of the model's answers, as long as the client allows. */
  private static double outputTokens(RouteRequest request) {
    double expected = request.expectedOutputTokens();
    return orNothing(Double.isNaN(expected) ? request.maxTokens() : expected);
  }

  private static double orNothing(double tokens) {
    return Double.isFinite(tokens) ? tokens : 0;
  }
}
