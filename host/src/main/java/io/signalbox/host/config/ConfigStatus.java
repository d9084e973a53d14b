package io.signalbox.host.config;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What became of the configuration file.
 *
 * @param source the file, or a word for where the configuration came from
 * @param loadedAt when the configuration in use was read
 * @param refused the newest change that was refused since then, if any
 */
public record ConfigStatus(String source, Instant loadedAt, Optional<Refused> refused) {
  /** A change that was refused; the configuration before it stays in use. */
  public record Refused(Instant at, List<ConfigProblem> problems) {}

  /** The status of a configuration just taken into use. */
  public static ConfigStatus loaded(String source) {
    return new ConfigStatus(source, Instant.now(), Optional.empty());
  }

  /** Whether these are the problems of the change refused last. */
  public boolean shows(List<ConfigProblem> problems) {
    return refused.isPresent() && refused.get().problems().equals(problems);
  }

  /** The same configuration, after a change to it was refused. */
  public ConfigStatus withRefused(List<ConfigProblem> problems) {
    return new ConfigStatus(source, loadedAt, Optional.of(new Refused(Instant.now(), problems)));
  }
}
