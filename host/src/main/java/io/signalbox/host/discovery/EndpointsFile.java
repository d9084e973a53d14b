package io.signalbox.host.discovery;

import io.signalbox.host.config.ConfigException;
import io.signalbox.host.config.ConfigReader;
import io.signalbox.host.config.ConfigWatcher;
import io.signalbox.host.config.HostResolver;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.telemetry.DiscoveryMetrics;
import io.signalbox.host.telemetry.DiscoveryMetrics.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A list of endpoints in a file that others write. A text with any problem is refused whole, and
 * the one before stays. Blocks; for one thread.
 */
final class EndpointsFile {
  private static final Logger LOG = LoggerFactory.getLogger(EndpointsFile.class);

  /** A text that was refused is tried again: a host name that did not resolve may do so then. */
  private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Path file;
  private final Set<String> engines;
  private final HostResolver resolver;
  private final DiscoveryMetrics metrics;
  private final ConfigWatcher watcher;
  private final String firstText;
  private Optional<String> refused = Optional.empty();
  private long refusedNanos;

  EndpointsFile(Path file, Set<String> engines, HostResolver resolver, DiscoveryMetrics metrics) {
    this.file = file;
    this.engines = engines;
    this.resolver = resolver;
    this.metrics = metrics;
    this.firstText = text(file);
    this.watcher = new ConfigWatcher(file, firstText);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }

  /** What it holds at the start. */
  Optional<List<ModelConfig>> first() {
    return read(firstText);
  }

  /** What it holds now, where that is other than before, and can be used. */
  Optional<List<ModelConfig>> look() {
    return watcher.look().or(this::dueAgain).flatMap(this::read);
  }

  private Optional<String> dueAgain() {
    return refused.filter(text -> System.nanoTime() - refusedNanos >= AGAIN_NANOS);
  }

  private Optional<List<ModelConfig>> read(String text) {
    try {
      var models = ConfigReader.readEndpoints(text, engines, resolver);
      refused = Optional.empty();
      metrics.succeeded(Source.FILE);
      LOG.info("endpoints of {} are in use", file);
      return Optional.of(models);
    } catch (ConfigException e) {
      if (!refused.equals(Optional.of(text))) {
        LOG.warn("endpoints of {} are not used, those before stay: {}", file, e.problems());
      }
      refused = Optional.of(text);
      refusedNanos = System.nanoTime();
      metrics.failed(Source.FILE);
      return Optional.empty();
    }
  }
}
