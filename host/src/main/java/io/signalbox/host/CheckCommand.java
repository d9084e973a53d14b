package io.signalbox.host;

import io.signalbox.host.config.Configuration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description =
        "Checks a configuration, with the plugins it uses: prints every problem with its line, and"
            + " exits with 1. Warnings are printed, too, and change nothing.")
final class CheckCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = {"-c", "--config"},
      required = true,
      paramLabel = "FILE",
      description = "The configuration to check.")
  private Path config;

  @Override
  public Integer call() {
    var file = ConfigFile.read(config);
    // Chains may name what plugins bring, whatever is wrong elsewhere in the file.
    var program = new Program(file.configurationOfPlugins(), file.folder());
    try {
      program.startPlugins();
      var out = spec.commandLine().getOut();
      file.load(program.surroundings())
          .warnings()
          .forEach(warning -> out.println("warning: " + warning));
      program.loadCertificates(file.configuration());
      checkEndpoints(file.configuration(), file.folder());
    } finally {
      program.close();
    }
    spec.commandLine().getOut().println(config + " is valid");
    return 0;
  }

  /** Others write the list, and may do so later. */
  private void checkEndpoints(Configuration configuration, Path folder) {
    var listed = configuration.discovery().file().map(file -> folder.resolve(file).normalize());
    if (listed.isEmpty()) {
      return;
    }
    if (Files.notExists(listed.get())) {
      spec.commandLine()
          .getOut()
          .println("warning: discovery.file: there is no " + listed.get() + " yet");
      return;
    }
    var _ = ConfigFile.read(listed.get()).endpoints(configuration.sources().dialects().engines());
  }
}
