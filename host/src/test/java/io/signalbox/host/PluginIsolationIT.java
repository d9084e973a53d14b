package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.plugin.PluginStatus;
import io.signalbox.host.plugin.PluginStatus.StrategyStatus;
import io.signalbox.host.plugin.PluginStatus.VersionStatus;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Scripts that mean harm, in a host that serves requests. */
@ExtendWith(BlockedLoops.class)
@TestInstance(Lifecycle.PER_CLASS)
final class PluginIsolationIT {
  /** The first script in Python takes long, and so does what hangs while it is loaded. */
  private static final Duration LOADING = Duration.ofSeconds(90);

  /** Some behave for a while, and a busy machine makes one or another call late. */
  private static final int ATTACKS = 60;

  private static final String CHAIN =
      "routing: {default: \"hostile;optional;deadline=1s, least-request\"}";

  @TempDir private static Path folder;
  private Engines engines;
  private Path plugins;
  private RunningHost host;

  @BeforeAll
  void start() throws IOException {
    engines = Engines.start(2);
    plugins = Files.createDirectory(folder.resolve("plugins"));
    var ports = RunningHost.Ports.free();
    var file = folder.resolve("signalbox.yaml");
    Files.writeString(file, ports.yaml(RunningHost.models(engines.addresses()) + "\n" + CHAIN));
    host = RunningHost.follow(ports, file);
  }

  @AfterAll
  void stop() {
    host.close();
    engines.close();
  }

  static List<HostileScript> rejected() {
    return HostileScript.all().stream().filter(HostileScript::isRejected).toList();
  }

  static List<HostileScript> loaded() {
    return HostileScript.all().stream().filter(script -> !script.isRejected()).toList();
  }

  @ParameterizedTest
  @MethodSource("rejected")
  void whatCannotBeUsedIsRejectedWithAPlace(HostileScript script) throws Exception {
    put(script);
    try {
      Eventually.until(
          LOADING, () -> state(script).equals("rejected"), script + " is not rejected");

      assertThat(newest(script).orElseThrow().problem()).contains(script.problem());
      assertThat(chat().statusCode()).isEqualTo(200);
    } finally {
      remove(script);
    }
  }

  @ParameterizedTest
  @MethodSource("loaded")
  void whatFailsCostsItsStageOnly(HostileScript script) throws Exception {
    put(script);
    try {
      Eventually.until(LOADING, () -> state(script).equals("active"), "not loaded");
      for (int i = 0; i < ATTACKS && !hasEnded(script, chat("x-attack", "1")); i++) {}

      var answer = chat("x-attack", "1");
      assertThat(answer.statusCode()).isEqualTo(200);
      System.out.println(
          "FINAL "
              + script
              + " -> "
              + Answers.header(answer, "x-signalbox-degraded")
              + " | "
              + strategy(script).map(StrategyStatus::lastProblem));
      assertThat(hasEnded(script, answer)).isTrue();
      assertThat(strategy(script).orElseThrow().lastProblem()).contains(script.problem());
    } finally {
      remove(script);
    }
  }

  /** Whether the answer, and what the operator reads, are what the script says. */
  private boolean hasEnded(HostileScript script, HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    var degraded = Answers.header(answer, "x-signalbox-degraded");
    var end = degraded.isEmpty() ? "answered" : degraded.substring(degraded.indexOf(' ') + 1);
    return end.equals(script.end())
        && strategy(script).map(StrategyStatus::lastProblem).orElse("").contains(script.problem());
  }

  private HttpResponse<String> chat(String... headers) {
    return host.gateway().chat(Bodies.HELLO, headers);
  }

  private void put(HostileScript script) throws IOException {
    Files.writeString(plugins.resolve(script.file()), script.text());
  }

  private void remove(HostileScript script) throws Exception {
    Files.delete(plugins.resolve(script.file()));
    Eventually.until(LOADING, () -> status(script).isEmpty(), script + " is not removed");
  }

  private Optional<PluginStatus> status(HostileScript script) {
    return host.plugins().status().stream()
        .filter(status -> status.name().equals(script.plugin()))
        .findFirst();
  }

  private Optional<VersionStatus> newest(HostileScript script) {
    return status(script).flatMap(status -> status.versions().stream().findFirst());
  }

  private Optional<StrategyStatus> strategy(HostileScript script) {
    return status(script).flatMap(status -> status.strategies().stream().findFirst());
  }

  private String state(HostileScript script) {
    return newest(script).map(VersionStatus::state).orElse("");
  }
}
