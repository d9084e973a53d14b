package io.signalbox.host.config;

import java.time.Duration;
import java.util.Optional;

/** Reads what {@code signals} says about where they come from. */
record SourcesReader(ConfigProblems problems) {
  SourcesConfig read(YamlSection signals) {
    return new SourcesConfig(
        Dialects.with(new DialectsReader(problems).read(signals.section("dialects"))),
        signals.present("prometheus").flatMap(SourcesReader::prometheus));
  }

  private static Optional<PrometheusConfig> prometheus(YamlSection section) {
    var url = section.requiredUrl("url", "http://prometheus:9090");
    var interval =
        section.duration(
            "interval",
            PrometheusConfig.DEFAULT_INTERVAL,
            Duration.ofMillis(100),
            Duration.ofHours(1));
    var label = section.text("instance-label").orElse(PrometheusConfig.DEFAULT_INSTANCE_LABEL);
    var maxAge =
        section.duration(
            "max-age",
            PrometheusConfig.DEFAULT_MAX_AGE,
            Duration.ofSeconds(1),
            Duration.ofHours(1));
    section.finish();
    return url.map(known -> new PrometheusConfig(known, interval, label, maxAge));
  }
}
