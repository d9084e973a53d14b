package io.signalbox.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "new",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Writes a plugin to start from: a strategy that works, with comments.")
final class PluginsNewCommand implements Callable<Integer> {
  /** The strategy's name in the templates; in Python's form, the file's. */
  private static final String NAME = "template-name";

  private static final Pattern ALLOWED = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
  private static final int MAX_NAME = 64;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "NAME", description = "The strategy's name in chains: my-strategy.")
  private String name = "";

  @Option(
      names = "--lang",
      required = true,
      paramLabel = "LANGUAGE",
      description = "${COMPLETION-CANDIDATES}.")
  private Language language = Language.js;

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description = "A ${COMPLETION-CANDIDATES}: rates endpoints, says which stay, chooses one.")
  private Kind kind = Kind.scorer;

  @Option(names = "--folder", paramLabel = "FOLDER", description = "Where it is written.")
  private Path folder = Path.of("plugins");

  /** As users write it. */
  private enum Language {
    js,
    python;

    String extension() {
      return switch (this) {
        case js -> ".mjs";
        case python -> ".py";
      };
    }

    /** Python's modules cannot have a hyphen in their names. */
    String fileName(String strategy) {
      return switch (this) {
            case js -> strategy;
            case python -> strategy.replace('-', '_');
          }
          + extension();
    }
  }

  /** As users write it. */
  private enum Kind {
    scorer,
    filter,
    picker
  }

  @Override
  public Integer call() {
    requireAllowed();
    requireNoOther();
    var file = folder.resolve(language.fileName(name));
    try {
      Files.createDirectories(folder);
      Files.writeString(file, template(), StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException e) {
      throw new StartException(e.getFile() + " is there already, and is left as it is");
    } catch (IOException e) {
      throw new StartException(file + " cannot be written: " + e);
    }
    spec.commandLine()
        .getOut()
        .printf(
            """
            %s is written. What to do next:
              ./signalbox plugins check %1$s
              name %s in a chain, and the running host uses it; it is loaded anew at each save
            """,
            file, name);
    return 0;
  }

  private void requireAllowed() {
    if (name.length() > MAX_NAME || !ALLOWED.matcher(name).matches()) {
      throw new ParameterException(
          spec.commandLine(),
          "NAME must be kebab case (a-z, 0-9, single hyphens between them), at most "
              + MAX_NAME
              + " characters, not \""
              + name
              + "\"");
    }
    if (KnownStrategies.BUILT_IN.find(name).isPresent()) {
      throw new ParameterException(
          spec.commandLine(), "NAME must be one of its own: " + name + " is built in");
    }
  }

  /** Two files of one name are one plugin, and the other is left out. */
  private void requireNoOther() {
    for (var other : Language.values()) {
      var file = folder.resolve(other.fileName(name));
      if (Files.exists(file)) {
        throw new StartException(file + " is there already, and is left as it is");
      }
    }
  }

  private String template() {
    var resource = "template/" + kind + language.extension();
    try (var in = PluginsNewCommand.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace(NAME, name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
