package io.signalbox.host;

import io.signalbox.host.LoadedConfiguration.Surroundings;
import io.signalbox.host.config.ConfigException;
import io.signalbox.host.config.ConfigProblems;
import io.signalbox.host.config.ConfigReader;
import io.signalbox.host.config.Configuration;
import io.signalbox.host.config.HostResolver;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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

  /** The configuration in it, with defaults in the place of what is wrong. */
  Configuration whatCanBeRead() {
    return ConfigReader.read(text, HostResolver.SYSTEM, new ConfigProblems());
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

  private <T> T reading(Supplier<T> read) {
    try {
      return read.get();
    } catch (ConfigException e) {
      throw new StartException(
          path + " cannot be used:\n  " + String.valueOf(e.getMessage()).replace("\n", "\n  "));
    }
  }
}
