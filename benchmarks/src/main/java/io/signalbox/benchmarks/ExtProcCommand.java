package io.signalbox.benchmarks;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "ext-proc",
    mixinStandardHelpOptions = true,
    description = "The ext_proc door beside two servers that answer without thinking.")
final class ExtProcCommand implements Callable<Integer> {
  private static final int SMALL_BYTES = 4 * 1024;
  private static final int LARGE_BYTES = 220 * 1024;

  @Mixin private RunOptions options = new RunOptions();

  @Mixin private ScriptChoice choice = new ScriptChoice();

  @Override
  public Integer call() {
    try (var servers = new ExtProcServers()) {
      scripts().forEach(script -> System.out.println(servers.compare(script, options).markdown()));
    }
    return 0;
  }

  private List<ExtProcScript> scripts() {
    return Stream.of(
            ExtProcScript.buffered(SMALL_BYTES),
            ExtProcScript.allPhases(SMALL_BYTES),
            ExtProcScript.buffered(LARGE_BYTES),
            ExtProcScript.fullDuplex(LARGE_BYTES))
        .filter(script -> choice.takes(script.name()))
        .toList();
  }
}
