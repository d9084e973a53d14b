package io.signalbox.benchmarks;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "gateway",
    mixinStandardHelpOptions = true,
    description = "The gateway beside an Envoy that does round robin over the same engines.")
final class GatewayCommand implements Callable<Integer> {
  @Mixin private RunOptions options = new RunOptions();

  @Option(
      names = "--only",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Only requests whose name contains this, such as \"SSE\".")
  private String only = "";

  @Override
  public Integer call() {
    try (var servers = new GatewayServers()) {
      List.of(HttpScript.unary(), HttpScript.burst(), HttpScript.paced(), HttpScript.large())
          .stream()
          .filter(script -> script.name().contains(only))
          .forEach(script -> System.out.println(servers.compare(script, options).markdown()));
    }
    return 0;
  }
}
