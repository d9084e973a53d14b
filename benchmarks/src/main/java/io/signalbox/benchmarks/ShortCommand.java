package io.signalbox.benchmarks;

import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
    name = "short",
    mixinStandardHelpOptions = true,
    description = "What this machine can do, and at what share of the floors: a minute or two.")
final class ShortCommand implements Callable<Integer> {
  private static final String US = "Signalbox";
  private static final int BODY_BYTES = 4 * 1024;
  private static final RunOptions OPTIONS = new RunOptions(3, 2);

  @Override
  public Integer call() {
    System.out.printf(
        Locale.ROOT,
        "%d cores; CPU is that of the whole process for each exchange, and floors ran in turn with it.%n%n",
        Workspace.EVENT_LOOPS);
    System.out.printf(
        Locale.ROOT,
        "%-32s %9s %7s %9s %9s  %s%n",
        "",
        "each/s",
        "CPU us",
        "p50 ms",
        "p99 ms",
        "floor, its CPU us, ratio (aim); p99 ms at half load, floor's");
    try (var servers = new ExtProcServers()) {
      print(servers.compare(ExtProcScript.buffered(BODY_BYTES), OPTIONS), "1.25");
    }
    if (!Workspace.hasEnvoy()) {
      System.out.println("gateway: not measured, there is no Envoy; ./mvnw verify fetches it");
      return 0;
    }
    try (var servers = new GatewayServers()) {
      print(servers.compare(HttpScript.unary(), OPTIONS), "0.6");
      print(servers.compare(HttpScript.burst(), OPTIONS), "0.85");
    }
    return 0;
  }

  private static void print(Result result, String aim) {
    var us = result.row(US);
    var floor = result.rows().getFirst();
    System.out.printf(
        Locale.ROOT,
        "%-32s %9.0f %7.1f %9.2f %9.2f  %s %.1f, %.2f (%s); %.2f, %.2f%s%n",
        result.title().replace("ext_proc, ", "ext_proc "),
        us.perSecond(),
        us.cpuMicros(),
        us.p50Millis(),
        us.p99Millis(),
        floor.name(),
        floor.cpuMicros(),
        us.ratio(),
        aim,
        us.p99AtHalfMillis(),
        floor.p99AtHalfMillis(),
        us.errors() + floor.errors() == 0 ? "" : " INVALID");
  }
}
