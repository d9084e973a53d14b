package io.signalbox.host;

import io.signalbox.host.LoadedConfiguration.Surroundings;
import io.signalbox.host.config.ConfigException;
import io.signalbox.host.config.ConfigProblem;
import io.signalbox.host.config.ConfigStatus;
import io.signalbox.host.config.ConfigWatcher;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the configuration file on a thread of its own: a valid change is applied, an invalid one
 * is refused, logged and shown by admin, and the configuration before it stays.
 */
final class ConfigReloader implements AutoCloseable, Supplier<ConfigStatus> {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigReloader.class);
  private static final long LOOK_EVERY_MILLIS = 500;
  private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long CLOSE_SECONDS = 5;

  private final ConfigWatcher watcher;
  private final Surroundings surroundings;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("config-reloader").factory());
  private final String source;
  private volatile ConfigStatus status;
  private Optional<String> refused = Optional.empty();
  private long refusedNanos;

  /** A reloader for a file whose text, as it was read at start, is {@code known}. */
  ConfigReloader(Path file, String known, Surroundings surroundings) {
    this.source = file.toString();
    this.watcher = new ConfigWatcher(file, known);
    this.surroundings = surroundings;
    this.status = ConfigStatus.loaded(source);
  }

  /**
   * Starts to look.
   *
   * @param apply takes a new configuration into use, or throws {@link IllegalArgumentException}
   *     when it cannot
   */
  void start(Consumer<LoadedConfiguration> apply) {
    var _ =
        thread.scheduleWithFixedDelay(
            () -> look(apply), LOOK_EVERY_MILLIS, LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Nothing that goes wrong here may end the looking. */
  private void look(Consumer<LoadedConfiguration> apply) {
    try {
      watcher.look().or(this::dueAgain).ifPresent(text -> reload(text, apply));
    } catch (Throwable e) {
      LOG.error("configuration {} could not be followed", source, e);
    }
  }

  /** A text that was refused, after a while: a host name that did not resolve may do so now. */
  private Optional<String> dueAgain() {
    return refused.filter(text -> System.nanoTime() - refusedNanos >= AGAIN_NANOS);
  }

  private void reload(String text, Consumer<LoadedConfiguration> apply) {
    try {
      var loaded = LoadedConfiguration.read(text, surroundings);
      apply.accept(loaded);
      refused = Optional.empty();
      status = ConfigStatus.loaded(source);
      LOG.info("configuration {} changed and is in use", source);
      loaded.warnings().forEach(warning -> LOG.warn("configuration {}: {}", source, warning));
    } catch (ConfigException e) {
      refuse(text, e.problems());
    } catch (Throwable e) {
      LOG.error("configuration {} could not be applied", source, e);
      refuse(text, List.of(new ConfigProblem(0, "", String.valueOf(e.getMessage()))));
    }
  }

  private void refuse(String text, List<ConfigProblem> problems) {
    boolean known = refused.isPresent() && status.shows(problems);
    refused = Optional.of(text);
    refusedNanos = System.nanoTime();
    if (!known) {
      status = status.withRefused(problems);
      LOG.warn("change of configuration {} refused, the one before stays: {}", source, problems);
    }
  }

  @Override
  public ConfigStatus get() {
    return status;
  }

  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("a change of the configuration is still being applied");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
