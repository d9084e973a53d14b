package io.signalbox.host;

import io.signalbox.host.config.ConfigException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParseResult;

/** The command line. */
@Command(
    name = "signalbox",
    mixinStandardHelpOptions = true,
    version = "signalbox 0.1.0",
    description = "Decides which inference engine serves each LLM request.",
    subcommands = {
      DemoCommand.class,
      RunCommand.class,
      CheckCommand.class,
      PluginsCommand.class,
      KvBridgeCommand.class
    },
    footer = "  bench      Measures what this machine can do; in a checkout of the sources.",
    synopsisSubcommandLabel = "COMMAND")
public final class Main {
  private Main() {}

  /** Exits with 0 for success, 1 for a configuration or start that failed, 2 for wrong usage. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main()).setExecutionExceptionHandler(Main::explain);
  }

  private static int explain(Exception failure, CommandLine command, ParseResult parsed)
      throws Exception {
    return switch (failure) {
      case StartException e -> explain(command, String.valueOf(e.getMessage()));
      case ConfigException e ->
          explain(command, "the configuration cannot be used:\n" + e.getMessage());
      default -> throw failure;
    };
  }

  private static int explain(CommandLine command, String message) {
    command.getErr().println("signalbox: " + message);
    return 1;
  }
}
