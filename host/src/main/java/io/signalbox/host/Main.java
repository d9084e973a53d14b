package io.signalbox.host;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line. */
@Command(
    name = "signalbox",
    mixinStandardHelpOptions = true,
    version = "signalbox 0.1.0",
    description = "Decides which inference engine serves each LLM request.",
    subcommands = {DemoCommand.class, RunCommand.class, CheckCommand.class},
    synopsisSubcommandLabel = "COMMAND")
public final class Main {
  private Main() {}

  /** Exits with 0 for success, 1 for a configuration or start that failed, 2 for wrong usage. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setExecutionExceptionHandler((failure, command, parsed) -> {
          if (failure instanceof StartException) {
            command.getErr().println("signalbox: " + failure.getMessage());
            return 1;
          }
          throw failure;
        });
  }
}
