package io.signalbox.benchmarks;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "peers",
    mixinStandardHelpOptions = true,
    description =
        "The gateway and Envoy beside routers of others, over the same engines. The first time it"
            + " installs their wheels from Python's package index, below benchmarks/target.")
final class PeersCommand implements Callable<Integer> {
  @Mixin private RunOptions options = new RunOptions();

  @Mixin private ScriptChoice choice = new ScriptChoice();

  @Override
  public Integer call() {
    Stream.of(HttpScript.unary(), HttpScript.burst())
        .filter(script -> choice.takes(script.name()))
        .forEach(this::compare);
    return 0;
  }

  private void compare(HttpScript script) {
    int sglangPort = Workspace.freePort();
    int vllmPort = Workspace.freePort();
    try (var servers = new GatewayServers(script.answer());
        var sglang = Peer.SGLANG.start(sglangPort, servers.engines());
        var vllm = Peer.VLLM.start(vllmPort, servers.engines());
        var first = servers.envoy(script);
        var second = servers.host(script);
        var third = new Subject(Peer.SGLANG.title(), sglang, new HttpLoad(sglangPort, script));
        var fourth = new Subject(Peer.VLLM.title(), vllm, new HttpLoad(vllmPort, script))) {
      var comparison = new Comparison(List.of(first, second, third, fourth));
      System.out.println(comparison.run(script.name(), options).markdown());
    }
  }
}
