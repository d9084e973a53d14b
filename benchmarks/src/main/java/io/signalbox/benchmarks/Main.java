package io.signalbox.benchmarks;

import io.signalbox.benchmarks.quality.QualityCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of the benchmarks. */
@Command(
    name = "benchmarks/run",
    mixinStandardHelpOptions = true,
    description = "Measures Signalbox on this machine; prints Markdown tables.",
    subcommands = {
      ShortCommand.class,
      MicroCommand.class,
      ExtProcCommand.class,
      GatewayCommand.class,
      StreamsCommand.class,
      PeersCommand.class,
      TracingCommand.class,
      IdleCommand.class,
      PrefixCommand.class,
      KvEventsCommand.class,
      ScriptsCommand.class,
      ScrapeCommand.class,
      FlowControlCommand.class,
      KubernetesCommand.class,
      QualityCommand.class,
      SoakCommand.class
    },
    footer =
        "  all       All of these but peers and soak, one after the other; takes the options of ext-proc.",
    synopsisSubcommandLabel = "COMMAND")
public final class Main {
  private Main() {}

  /** Exits with 0 for a run, 1 for one that could not be made, 2 for wrong usage. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }
}
