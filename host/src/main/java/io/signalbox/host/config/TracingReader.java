package io.signalbox.host.config;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Reads the section {@code telemetry}. */
final class TracingReader {
  private TracingReader() {}

  /** Empty where nobody wants spans. */
  static Optional<TracingConfig> read(YamlSection telemetry) {
    var tracing = telemetry.present("tracing").flatMap(TracingReader::tracing);
    telemetry.finish();
    return tracing;
  }

  private static Optional<TracingConfig> tracing(YamlSection section) {
    var absent = TracingConfig.DEFAULT;
    var url = section.requiredUrl("url", "http://collector:4318");
    var tracing =
        new TracingConfig(
            url.map(TracingReader::withPath).orElse(absent.url()),
            section.path("authorization-file"),
            section.ratio("sampled", absent.sampledRatio()),
            section.text("service-name").orElse(absent.serviceName()),
            section.integer("queue", absent.queue(), 1, 1_000_000),
            section.duration(
                "interval", absent.interval(), Duration.ofMillis(10), Duration.ofMinutes(1)),
            section.duration(
                "timeout", absent.timeout(), Duration.ofMillis(100), Duration.ofMinutes(1)));
    section.finish();
    return url.map(known -> tracing);
  }

  private static URI withPath(URI url) {
    var path = url.getPath();
    return path.isEmpty() || path.equals("/") ? url.resolve(TracingConfig.PATH) : url;
  }
}
