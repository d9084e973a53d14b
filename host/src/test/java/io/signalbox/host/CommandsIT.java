package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The program as users start it: a process of its own. */
final class CommandsIT {
  /** What a process says that was not started with what compiles scripts. */
  private static final String INTERPRETED = "(?m)^.*WARN .* are interpreted, and slow: .*$";

  @TempDir private Path folder;

  /** A run of the program, with what it wrote so far. */
  private record Program(Process process, Path output) implements AutoCloseable {
    String text() throws IOException {
      return Files.readString(output);
    }

    void awaitText(String text) throws Exception {
      Eventually.until(
          Duration.ofSeconds(20),
          () -> text().contains(text) || !process.isAlive(),
          "no \"" + text + "\" in:\n" + text());
      assertThat(text()).contains(text);
    }

    int exitCode() throws InterruptedException {
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).as("it ends").isTrue();
      return process.exitValue();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  private Program start(String... arguments) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(List.of("-cp", "target/classes:target/lib/*", Main.class.getName()));
    command.addAll(List.of(arguments));
    var output = Files.createTempFile(folder, "output", ".txt");
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    return new Program(process, output);
  }

  private Program startDemo(RunningHost.Ports ports) throws IOException {
    var arguments = new ArrayList<>(List.of("demo", "--engines", "2"));
    arguments.addAll(List.of("--gateway-port", "" + ports.gateway()));
    arguments.addAll(List.of("--ext-proc-port", "" + ports.extProc()));
    arguments.addAll(List.of("--admin-port", "" + ports.admin()));
    return start(arguments.toArray(String[]::new));
  }

  @Test
  void theDemoPrintsALineThatWorksAndStopsWhenTold() throws Exception {
    var ports = RunningHost.Ports.free();
    try (var demo = startDemo(ports)) {
      demo.awaitText("Ctrl-C stops all of it.");
      var line = Pattern.compile("(?m)^ +(curl -i .*)$").matcher(demo.text());
      assertThat(line.find()).isTrue();

      var curl = new ProcessBuilder("sh", "-c", line.group(1)).start();
      var answer = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(answer).startsWith("HTTP/1.1 200 OK");
      assertThat(answer).containsPattern("(?m)^target-pod: 127\\.0\\.0\\.1:\\d+\\r?$");
      assertThat(answer)
          .containsPattern("(?m)^routing-strategy: cheapest-queue;optional,least-request\\r?$");
      assertThat(new Client(ports.admin()).get("/health/ready").statusCode()).isEqualTo(200);

      // What Ctrl-C sends.
      new ProcessBuilder("kill", "-INT", "" + demo.process().pid()).start().waitFor();
      assertThat(demo.exitCode()).isEqualTo(130);
      assertThat(demo.text().replaceAll(INTERPRETED, ""))
          .doesNotContain("Exception", "WARN", "ERROR");
    }
  }

  @Test
  void theFirstRequestThroughEnvoyAfterAStartIsInTime() throws Exception {
    var ports = RunningHost.Ports.free();
    try (var demo = startDemo(ports)) {
      demo.awaitText("Ctrl-C stops all of it.");
      try (var envoy = EnvoyProcess.start(EnvoyProcess.CURRENT, ports.extProc())) {
        assertThat(new Client(envoy.port()).chat(Bodies.HELLO).statusCode()).isEqualTo(200);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gateway", "ext-proc", "admin"})
  void aPortInUseIsSaidByName(String name) throws Exception {
    try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int taken = other.getLocalPort();
      var free = RunningHost.Ports.free();
      var ports =
          switch (name) {
            case "gateway" -> new RunningHost.Ports(taken, free.extProc(), free.admin());
            case "ext-proc" -> new RunningHost.Ports(free.gateway(), taken, free.admin());
            default -> new RunningHost.Ports(free.gateway(), free.extProc(), taken);
          };
      try (var demo = startDemo(ports)) {
        assertThat(demo.exitCode()).isEqualTo(1);
        assertThat(demo.text())
            .contains(
                "signalbox: %s cannot listen on 127.0.0.1:%d: the port is already in use"
                    .formatted(name, taken))
            .doesNotContain("\tat ");
      }
    }
  }

  @Test
  void runServesEnginesThatAreNotOurs() throws Exception {
    var ports = RunningHost.Ports.free();
    try (var stranger = new RecordingEngine()) {
      var file = folder.resolve("signalbox.yaml");
      Files.writeString(file, ports.yaml(RunningHost.models(List.of(stranger.address()))));
      try (var run = start("run", "-c", file.toString())) {
        run.awaitText("ready");
        // Ready does not wait for the first reading of the engine's metrics.
        Eventually.until(
            Duration.ofSeconds(5),
            () -> decidesOnData(new Client(ports.gateway())),
            "the engine's metrics are not read");
        assertThat(new Client(ports.admin()).get("/endpoints").body())
            .contains("\"value\" : 0.5", stranger.address());
        run.process().destroy();
        assertThat(run.exitCode()).isEqualTo(143);
      }
    }
  }

  private static boolean decidesOnData(Client gateway) {
    var chain = "least-kv-cache;band=0, random";
    var answer = gateway.chat(Bodies.HELLO, "routing-strategy", chain);
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.headers().firstValue("x-signalbox-degraded").isEmpty();
  }

  @Test
  void checkListsEveryProblemAtOnce() throws Exception {
    var file = folder.resolve("signalbox.yaml");
    Files.writeString(
        file,
        """
        gateway: {port: 99999}
        routing: {default: "least-reqest", chains: {a: "b:x"}}
        modles: []
        """);
    try (var check = start("check", "-c", file.toString())) {
      assertThat(check.exitCode()).isEqualTo(1);
      assertThat(check.text())
          .contains(
              "line 1: gateway.port: must be an integer from 0 to 65535, not \"99999\"",
              "line 2: routing.default: position 1: unknown strategy \"least-reqest\"",
              "line 2: routing.chains.a: position 3: a weight must be",
              "line 3: modles: is unknown, did you mean \"models\"?",
              "models: must have at least one model");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"check", "run"})
  void adminThatAnybodyCouldReachIsRefused(String command) throws Exception {
    var file = folder.resolve("signalbox.yaml");
    Files.writeString(file, "models: [{name: m}]\nadmin: {host: 0.0.0.0, port: 0}\n");
    try (var refused = start(command, "-c", file.toString())) {
      assertThat(refused.exitCode()).isEqualTo(1);
      assertThat(refused.text())
          .contains("line 2: admin.host: \"0.0.0.0\" is not a loopback address")
          .contains("set admin.token, or admin.tls with client-ca");
    }
  }

  @Test
  void checkWarnsOfWhatWillNotHold() throws Exception {
    var file = folder.resolve("signalbox.yaml");
    Files.writeString(
        file,
        """
        models: [{name: m}]
        routing: {flow-control: {enabled: true, max-wait: 2m}}
        """);
    try (var check = start("check", "-c", file.toString())) {
      assertThat(check.exitCode()).as(check.text()).isZero();
      assertThat(check.text())
          .contains("warning: routing.flow-control.max-wait: behind Envoy requests wait 119s");
    }
  }

  @Test
  void checkAcceptsTheShippedConfiguration() throws Exception {
    try (var check = start("check", "-c", "../conf/signalbox.yaml")) {
      assertThat(check.exitCode()).as(check.text()).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          chek                       | Did you mean: signalbox check
          demo --engine 3            | Possible solutions: --engines
          run --confg x              | --config
          check -c x --cofig y       | Possible solutions: --config
          demo --engines 0           | --engines must be from 1 to 64, not 0
          demo --engines many        | 'many' is not an int
          plugins                    | Missing required subcommand
          plugins chek               | Did you mean: plugins check
          plugins check              | Missing required parameter: 'FILE'
          plugins new x              | Missing required option: '--lang=LANGUAGE'
          plugins new --lang lua x   | expected one of [js, python]
          """)
  void wrongUsageNamesWhatIsNear(String arguments, String hint) throws Exception {
    try (var wrong = start(arguments.split(" ", -1))) {
      assertThat(wrong.exitCode()).isEqualTo(2);
      assertThat(wrong.text()).contains(hint).doesNotContain("\tat ");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "--help",
    "demo --help",
    "run --help",
    "check --help",
    "plugins --help",
    "plugins check --help",
    "plugins new --help",
    "plugins list --help"
  })
  void helpHelps(String arguments) throws Exception {
    try (var help = start(arguments.split(" ", -1))) {
      assertThat(help.exitCode()).isZero();
      assertThat(help.text()).startsWith("Usage: signalbox");
    }
  }

  @Test
  void aMissingFileIsSaidSo() throws Exception {
    try (var run = start("run", "-c", folder.resolve("none.yaml").toString())) {
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.text()).contains("signalbox: there is no file").doesNotContain("\tat ");
    }
  }
}
