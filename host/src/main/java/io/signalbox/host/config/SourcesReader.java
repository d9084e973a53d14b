package io.signalbox.host.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;

/** Reads what {@code signals} says about where they come from. */
record SourcesReader(ConfigProblems problems) {
  SourcesConfig read(YamlSection signals) {
    return new SourcesConfig(
        Dialects.with(new DialectsReader(problems).read(signals.section("dialects"))),
        signals.present("prometheus").flatMap(this::prometheus));
  }

  private Optional<PrometheusConfig> prometheus(YamlSection section) {
    section.require("url", "a URL such as http://prometheus:9090");
    var url =
        section.read(
            "url",
            "a URL such as http://prometheus:9090",
            node -> YamlValues.text(node).flatMap(SourcesReader::url));
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

  private static Optional<URI> url(String text) {
    try {
      var url = new URI(text);
      boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      return http && url.getHost() != null && url.getQuery() == null
          ? Optional.of(url)
          : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
