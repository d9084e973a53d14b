package io.signalbox.benchmarks;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "gateway",
    mixinStandardHelpOptions = true,
    description = "The gateway beside an Envoy that does round robin over the same engines.")
final class GatewayCommand implements Callable<Integer> {
  @Mixin private RunOptions options = new RunOptions();

  @Mixin private ScriptChoice choice = new ScriptChoice();

  @Override
  public Integer call() {
    try (var servers = new GatewayServers()) {
      List.of(HttpScript.unary(), HttpScript.burst(), HttpScript.paced(), HttpScript.large())
          .stream()
          .filter(script -> choice.takes(script.name()))
          .forEach(script -> System.out.println(servers.compare(script, options).markdown()));
    }
    return 0;
  }
}
