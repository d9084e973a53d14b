package io.signalbox.host.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.fuzzing.FuzzTarget;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/** Files of configuration: each is read, or refused with problems that say where and what. */
public final class ConfigTarget implements FuzzTarget {
  private static final HostResolver RESOLVER =
      name -> name.startsWith("no") ? Optional.empty() : Optional.of("10.0.0.1");

  @Override
  public void check(byte[] input) {
    var yaml = new String(input, StandardCharsets.UTF_8);
    check(
        yaml,
        () -> {
          var problems = new ConfigProblems();
          var configuration = ConfigReader.read(yaml, RESOLVER, problems);
          problems.throwIfAny();
          assertThat(configuration).isEqualTo(ConfigReader.read(yaml, RESOLVER, problems));
        });
    check(yaml, () -> ConfigReader.readEndpoints(yaml, Set.of("vllm"), RESOLVER));
  }

  private static void check(String yaml, Runnable reading) {
    try {
      reading.run();
    } catch (ConfigException e) {
      assertThat(e.problems()).isNotEmpty();
      long lines = yaml.lines().count();
      for (var problem : e.problems()) {
        assertThat(problem.problem()).isNotBlank();
        assertThat((long) problem.line()).as(problem.toString()).isBetween(0L, lines + 1);
      }
    }
  }
}
