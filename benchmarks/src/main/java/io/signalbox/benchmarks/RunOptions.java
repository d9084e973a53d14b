package io.signalbox.benchmarks;

import picocli.CommandLine.Option;

/** How long a run takes. */
final class RunOptions {
  private static final long WARM_UP_PER_LOOP = 60_000;
  private static final long WARM_UP_COMPILED = 5_000;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Rounds per server, 1 to 50; medians are reported. Default: ${DEFAULT-VALUE}.")
  private int rounds = 5;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "Length of a round, 1 to 600. Default: ${DEFAULT-VALUE}.")
  private int seconds = 4;

  /** Those that are the command line's to set. */
  RunOptions() {}

  RunOptions(int rounds, int seconds) {
    this.rounds = rounds;
    this.seconds = seconds;
  }

  int rounds() {
    return Math.clamp(rounds, 1, 50);
  }

  int seconds() {
    return Math.clamp(seconds, 1, 600);
  }

  /** Exchanges before the first round: the JIT compiler of a JVM is busy for about as many. */
  long warmUp(ServerProcess server) {
    return server.compilingMicros() > 0
        ? WARM_UP_PER_LOOP * Workspace.EVENT_LOOPS
        : WARM_UP_COMPILED;
  }
}
