package io.signalbox.host;

import io.signalbox.host.config.ConfigStatus;
import io.signalbox.simulator.EngineSimulator;
import io.signalbox.simulator.SimulatorOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Runs the host with simulated engines, all in this process, on loopback.")
final class DemoCommand implements Callable<Integer> {
  private static final int MAX_ENGINES = 64;
  private static final String MODEL = "demo-model";
  private static final long STOP_SECONDS = 5;

  @Spec private CommandSpec spec;

  @Option(names = "--engines", paramLabel = "N", description = "How many engines, 1 to 64.")
  private int engines = 3;

  @Option(names = "--gateway-port", paramLabel = "PORT", description = "Where the gateway listens.")
  private int gatewayPort = 8080;

  @Option(names = "--ext-proc-port", paramLabel = "PORT", description = "Where ext_proc listens.")
  private int extProcPort = 50052;

  @Option(names = "--admin-port", paramLabel = "PORT", description = "Where admin listens.")
  private int adminPort = 8090;

  @Option(
      names = "--plugins",
      paramLabel = "FOLDER",
      description = "Where plugins are looked for; need not exist.")
  private Path plugins = Path.of("plugins");

  @Override
  public Integer call() throws InterruptedException {
    if (engines < 1 || engines > MAX_ENGINES) {
      throw new ParameterException(
          spec.commandLine(), "--engines must be from 1 to " + MAX_ENGINES + ", not " + engines);
    }
    // Engines are other processes in truth: they do not share the host's event loops.
    var enginesVertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    var simulators = Program.await(startEngines(enginesVertx));
    var file = new ConfigFile(Path.of("demo"), yaml(simulators));
    var program = new Program(file.configuration(), file.folder());
    program.startPlugins();
    var status = ConfigStatus.loaded("demo");
    var host = program.host(file.load(program.surroundings()), () -> status);
    Program.await(host.start());
    spec.commandLine().getOut().print(banner(simulators));
    spec.commandLine().getOut().flush();
    Program.runUntilTold(() -> {
      host.stop();
      enginesVertx.close().await(STOP_SECONDS, TimeUnit.SECONDS);
    });
    return 0;
  }

  private Future<List<EngineSimulator>> startEngines(Vertx vertx) {
    var starts =
        IntStream.range(0, engines)
            .mapToObj(seed ->
                EngineSimulator.start(
                    vertx, SimulatorOptions.defaults().withModel(MODEL).withSeed(seed)))
            .toList();
    return Future.all(starts)
        .map(started -> starts.stream().map(Future::result).collect(Collectors.toList()));
  }

  private String yaml(List<EngineSimulator> simulators) {
    return """
    gateway: {host: 127.0.0.1, port: %d}
    ext-proc: {host: 127.0.0.1, port: %d}
    admin: {host: 127.0.0.1, port: %d}
    routing: {default: "cheapest-queue;optional, least-request"}
    plugins: {folder: '%s'}
    models:
      - name: %s
        endpoints: [%s]
    """
        .formatted(
            gatewayPort,
            extProcPort,
            adminPort,
            plugins.toString().replace("'", "''"),
            MODEL,
            simulators.stream()
                .map(simulator -> "\"" + simulator.address() + "\"")
                .collect(Collectors.joining(", ")));
  }

  private String banner(List<EngineSimulator> simulators) {
    return """
    Signalbox is ready: model %1$s on %2$d simulated engines (%3$s).

      gateway   http://127.0.0.1:%4$d
      ext_proc  127.0.0.1:%5$d  (for Envoy: see conf/envoy.yaml)
      admin     http://127.0.0.1:%6$d

    Send a request; the headers target-pod and routing-strategy say which engine served it and why:

      curl -i http://127.0.0.1:%4$d/v1/chat/completions -H 'content-type: application/json' -d '{"model": "%1$s", "messages": [{"role": "user", "content": "Hello"}]}'

    What to try next:
      add  -H 'routing-strategy: least-request, least-kv-cache'  to narrow step by step
      add  "stream": true  to the body, and -N to curl, to see tokens as they come
      mkdir -p %7$s && cp plugins-examples/javascript/cheapest-queue.mjs %7$s/  and send the request again: the plugin
        decides. Edit the copy, and it decides otherwise; delete it, and least-request decides as before
      curl http://127.0.0.1:%6$d/endpoints  shows every engine with its signals and their age

    Ctrl-C stops all of it.
    """
        .formatted(
            MODEL,
            simulators.size(),
            simulators.stream().map(EngineSimulator::address).collect(Collectors.joining(", ")),
            gatewayPort,
            extProcPort,
            adminPort,
            plugins);
  }
}
