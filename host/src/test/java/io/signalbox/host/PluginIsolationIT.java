package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.HostileScript.Attempt;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripts that mean harm, in a host that serves requests. */
@ExtendWith(BlockedLoops.class)
@TestInstance(Lifecycle.PER_CLASS)
final class PluginIsolationIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  /** Some behave for a while. */
  private static final int MOST_ATTACKS = 30;

  /** So much time that nothing is late but what hangs. */
  private static final String DEFAULT =
      """
      routing: {default: "least-request, hostile;optional;deadline=1s"}
      # Python takes seconds on a busy machine, and what hangs is waited for so long.
      plugins: {load-limit: 12s}
      """;

  private static final String PEACEFUL =
      """
      export const strategy = { name: "peaceful", kind: "scorer", prefer: "low" };
      export const score = (request, endpoint) => endpoint.inFlight;
      """;

  @TempDir private static Path base;
  private Engines engines;
  private PluginsOnDisk plugins;

  @BeforeAll
  void start() throws IOException {
    engines = Engines.start(2);
    plugins = PluginsOnDisk.start(base, RunningHost.models(engines.addresses()) + "\n" + DEFAULT);
  }

  /** Also while a script runs that nothing stops. */
  @AfterAll
  void stop() {
    plugins.close();
    engines.close();
  }

  @AfterEach
  void clear() throws Exception {
    plugins.clear();
  }

  static List<HostileScript> rejected() {
    return HostileScript.all().stream().filter(HostileScript::isRejected).toList();
  }

  @ParameterizedTest
  @MethodSource("rejected")
  void whatCannotBeUsedIsRejected(HostileScript script) throws Exception {
    plugins.save(script.file(), script.text());

    plugins.await(script.plugin(), "rejected");

    assertThat(plugins.newest(script.plugin()).orElseThrow().problem()).contains(script.problem());
    assertServed(chat());
  }

  static List<HostileScript> loaded() {
    return HostileScript.all().stream().filter(script -> !script.isRejected()).toList();
  }

  @ParameterizedTest
  @MethodSource("loaded")
  void whatFailsCostsItsStageOnly(HostileScript script) throws Exception {
    load(script);

    int attacks = 0;
    while (!hasEnded(script)) {
      attacks++;
      assertThat(attacks)
          .as(script + ": " + plugins.lastProblem(script.plugin()))
          .isLessThan(MOST_ATTACKS);
    }
  }

  /**
   * Attacks, and tells whether the answer, and what the operator reads, are what the script says.
   */
  private boolean hasEnded(HostileScript script) throws Exception {
    var answer = chat("x-attack", "1");
    assertServed(answer);
    if (!end(answer).equals(script.end())) {
      return false;
    }
    // What hangs is late before it is stopped.
    Eventually.until(
        SOON,
        () -> plugins.lastProblem(script.plugin()).contains(script.problem()),
        () -> "it says " + plugins.lastProblem(script.plugin()));
    return true;
  }

  @ParameterizedTest
  @ValueSource(strings = {"attempts.mjs", "tries.py"})
  void whatIsNotGrantedFailsWithAReasonAndTheScriptGoesOn(String file) throws Exception {
    var script = HostileScript.of(file);
    load(script);

    for (var attempt : script.attempts()) {
      Eventually.until(
          SOON,
          () -> hasFailed(script, attempt),
          () -> attempt.code() + ": " + plugins.lastProblem(script.plugin()));
    }

    Eventually.until(SOON, () -> end(chat()).equals("answered"), "it does not answer any more");
  }

  private boolean hasFailed(HostileScript script, Attempt attempt) {
    var answer = chat("x-attack", "" + attempt.number());
    assertServed(answer);
    return end(answer).equals("failed")
        && plugins.lastProblem(script.plugin()).contains(attempt.problem());
  }

  @ParameterizedTest
  @ValueSource(strings = {"output-flood.mjs", "output_flood.py"})
  void outputIsBounded(String file) throws Exception {
    var script = HostileScript.of(file);
    try (var log = PluginLog.of(script.plugin())) {
      load(script);
      long start = System.nanoTime();
      for (int i = 0; i < 3; i++) {
        assertServed(chat("x-attack", "1"));
      }
      long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start) + 1;

      // In each second that was begun a hundred, and a word on those that were dropped.
      assertThat(log.lines()).hasSizeBetween(100, (int) (101 * (seconds + 1)));
      assertThat(log.lines()).allMatch(line -> line.length() <= 2_000);
      assertThat(log.lines()).anyMatch(line -> line.length() > 100);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"loop.mjs", "loop_that_catches.py", "long_operation.py"})
  void othersAreServedBesideAScriptThatHangs(String file) throws Exception {
    var script = HostileScript.of(file);
    load(script);
    plugins.save("peaceful.mjs", PEACEFUL);
    plugins.await("peaceful", "active");

    var attacks = new ArrayList<CompletableFuture<HttpResponse<String>>>();
    var others = new ArrayList<CompletableFuture<HttpResponse<String>>>();
    for (int i = 0; i < 100; i++) {
      attacks.add(
          gateway().chatAsync(Bodies.HELLO, "x-attack", "1", "routing-strategy", "hostile"));
      others.add(gateway().chatAsync(Bodies.HELLO, "routing-strategy", "peaceful;deadline=1s"));
    }

    assertThat(others).allSatisfy(answer -> assertServed(answer.join()));
    assertThat(others).map(answer -> end(answer.join())).containsOnly("answered");
    assertThat(attacks).allSatisfy(answer -> assertServed(answer.join()));
    assertThat(attacks).map(answer -> end(answer.join())).containsAnyOf("late", "failed");
  }

  @Test
  void aScriptThatTakesThreadAfterThreadIsQuarantined() throws Exception {
    var script = HostileScript.of("long_operation.py");
    load(script);

    Eventually.until(
        PluginsOnDisk.LOADING,
        () -> {
          assertServed(chat("x-attack", "1", "routing-strategy", "hostile;deadline=50ms"));
          return plugins.newest(script.plugin()).orElseThrow().state().equals("quarantined");
        },
        "it is not quarantined");

    assertThat(plugins.newest(script.plugin()).orElseThrow().problem()).contains("did not stop");
    assertThat(end(chat())).isEqualTo("not-loaded");
    Eventually.until(
        PluginsOnDisk.LOADING,
        () -> plugins.host().meter("signalbox_script_threads_abandoned", "") == 0,
        "its threads never end");
  }

  private void load(HostileScript script) throws Exception {
    plugins.save(script.file(), script.text());
    plugins.await(script.plugin(), "active");
    assertServed(chat());
  }

  private Client gateway() {
    return plugins.host().gateway();
  }

  private HttpResponse<String> chat(String... headers) {
    return gateway().chat(Bodies.HELLO, headers);
  }

  private static void assertServed(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  /** What is said of the stage; nothing is said of one that answered. */
  private static String end(HttpResponse<String> answer) {
    var degraded = Answers.header(answer, "x-signalbox-degraded");
    return degraded.isEmpty() ? "answered" : degraded.substring(degraded.lastIndexOf(' ') + 1);
  }
}
