package io.signalbox.host.config;

import io.signalbox.host.config.FlowControlConfig.Full;
import io.signalbox.host.config.FlowControlConfig.Weights;
import java.time.Duration;
import java.util.OptionalInt;

/** Reads {@code flow-control}, for all models or for one. */
record FlowControlReader(ConfigProblems problems) {
  private static final int MOST = 1_000_000;
  private static final int MOST_WEIGHT = 1_000;

  /**
   * What a section says.
   *
   * @param absent what holds where it says nothing
   */
  FlowControlConfig read(YamlSection section, FlowControlConfig absent) {
    var config =
        new FlowControlConfig(
            section.flag("enabled", absent.enabled()),
            section.integer("max-waiting", absent.maxWaiting(), 1, MOST),
            section.duration(
                "max-wait", absent.maxWait(), Duration.ofMillis(10), Duration.ofHours(1)),
            full(section.section("full"), absent.full()),
            weights(section, absent.weights()));
    section.finish();
    return config;
  }

  private static Full full(YamlSection section, Full absent) {
    int inFlight = section.integer("in-flight", 0, 1, MOST);
    var full =
        new Full(
            inFlight == 0 ? absent.inFlight() : OptionalInt.of(inFlight),
            section.integer("waiting", absent.waiting(), 1, MOST),
            section.share("kv-cache").orElse(absent.kvCacheRatio()));
    section.finish();
    return full;
  }

  private Weights weights(YamlSection section, Weights absent) {
    var weights =
        new Weights(
            section.integer("prompt-weight", absent.prompt(), 0, MOST_WEIGHT),
            section.integer("output-weight", absent.output(), 0, MOST_WEIGHT));
    if (weights.prompt() + weights.output() == 0) {
      problems.add(
          section.child("output-weight"),
          "cannot be 0 where prompt-weight is 0: nothing would count");
      return absent;
    }
    return weights;
  }
}
