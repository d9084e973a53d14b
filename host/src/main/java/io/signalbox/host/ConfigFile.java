package io.signalbox.host;

import io.signalbox.host.LoadedConfiguration.Surroundings;
import io.signalbox.host.config.ConfigException;
import io.signalbox.host.config.ConfigProblem;
import io.signalbox.host.config.ConfigProblems;
import io.signalbox.host.config.ConfigReader;
import io.signalbox.host.config.Configuration;
import io.signalbox.host.config.HostResolver;
import io.signalbox.host.config.ModelConfig;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** A configuration file, read at the start of a command. */
record ConfigFile(Path path, String text) {
  static ConfigFile read(Path path) {
    try {
      return new ConfigFile(path, Files.readString(path));
    } catch (NoSuchFileException e) {
      throw new StartException("there is no file " + path);
    } catch (CharacterCodingException e) {
      throw new StartException(path + " is not UTF-8 text");
    } catch (IOException e) {
      throw new StartException(path + " cannot be read: " + e);
    }
  }

  /**
   * The configuration in it, without its chains; the exception lists every other problem. What is
   * wrong with a chain cannot be said before it is known which strategies there are.
   */
  Configuration configuration() {
    return reading(() -> {
      var problems = new ConfigProblems();
      var configuration = ConfigReader.read(text, HostResolver.SYSTEM, problems);
      problems.throwIfAny();
      return configuration;
    });
  }

  /**
   * The configuration in it where it can at least be told which plugins there are; what is wrong
   * elsewhere is at its default. Only for looking further: {@link #load} lists every problem.
   */
  Configuration configurationOfPlugins() {
    return reading(() -> {
      var problems = new ConfigProblems();
      var configuration = ConfigReader.read(text, HostResolver.SYSTEM, problems);
      try {
        problems.throwIfAny();
      } catch (ConfigException e) {
        if (e.problems().stream().anyMatch(ConfigFile::concernsPlugins)) {
          throw e;
        }
      }
      return configuration;
    });
  }

  /** Or the whole file, or the cluster, which nobody should join by mistake. */
  private static boolean concernsPlugins(ConfigProblem problem) {
    return problem.path().isEmpty()
        || problem.path().startsWith("plugins")
        || problem.path().startsWith("cluster");
  }

  /** Where it lies; paths in it start there. */
  Path folder() {
    var parent = path.toAbsolutePath().getParent();
    return parent == null ? Path.of("") : parent;
  }

  /** The configuration in it; the exception lists every problem. */
  LoadedConfiguration load(Surroundings surroundings) {
    return reading(() -> LoadedConfiguration.read(text, surroundings));
  }

  /** The endpoints in it, where it is a list of them; the exception lists every problem. */
  List<ModelConfig> endpoints(Set<String> engines) {
    return reading(() -> ConfigReader.readEndpoints(text, engines, HostResolver.SYSTEM));
  }

  private <T> T reading(Supplier<T> read) {
    try {
      return read.get();
    } catch (ConfigException e) {
      throw new StartException(
          path + " cannot be used:\n  " + String.valueOf(e.getMessage()).replace("\n", "\n  "));
    }
  }
}
