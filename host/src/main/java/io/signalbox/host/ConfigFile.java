package io.signalbox.host;

import io.signalbox.host.LoadedConfiguration.Surroundings;
import io.signalbox.host.config.ConfigException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

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

  /** The configuration in it; the exception lists every problem. */
  LoadedConfiguration load(Surroundings surroundings) {
    try {
      return LoadedConfiguration.read(text, surroundings);
    } catch (ConfigException e) {
      throw new StartException(
          path + " cannot be used:\n  " + String.valueOf(e.getMessage()).replace("\n", "\n  "));
    }
  }
}
