package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A plugin that is saved again and again while requests come through Envoy. How often, the system
 * property {@code signalbox.reloads} says; a plugin in Python a fifth of it.
 */
@ExtendWith(BlockedLoops.class)
final class PluginReloadIT {
  private static final int RELOADS = Integer.getInteger("signalbox.reloads", 100);

  /** Much less than what the contexts of some versions hold, and more than chance makes of it. */
  private static final long HEAP_NOISE_BYTES = 32 << 20;

  private static final int HEAP_SAMPLES = 12;

  @TempDir private Path base;
  private Engines engines;
  private PluginsOnDisk plugins;
  private EnvoyProcess envoy;

  @BeforeEach
  void start() throws Exception {
    engines = Engines.start(3);
    plugins =
        PluginsOnDisk.start(
            base,
            RunningHost.models(engines.addresses())
                + "\nrouting: {default: \"reloaded;optional;deadline=1s, least-request\"}");
    envoy = EnvoyProcess.start(EnvoyProcess.CURRENT, plugins.host().ports().extProc());
  }

  @AfterEach
  void stop() {
    envoy.close();
    plugins.close();
    engines.close();
  }

  /** A plugin that counts its versions, and sends requests to the engine of that number. */
  enum Language {
    JAVASCRIPT(
        "reloaded.mjs",
        RELOADS,
        """
        // %d
        const engines = [%s];
        let generation = 0;
        export const strategy = { name: "reloaded", kind: "scorer", prefer: "low" };
        export function score(request, endpoint) {
          return engines[generation %% engines.length] === endpoint.address ? 0 : 1;
        }
        export const saveState = () => ({ generation });
        export function restoreState(state) {
          generation = state.generation + 1;
        }
        """),
    PYTHON(
        "reloaded.py",
        RELOADS / 5,
        """
        # %d
        from signalbox import scorer
        engines = [%s]
        generation = 0
        @scorer("reloaded", prefer="low")
        def score(request, endpoint):
            return 0 if engines[generation %% len(engines)] == endpoint.address else 1
        def save_state():
            return {"generation": generation}
        def restore_state(state):
            global generation
            generation = state["generation"] + 1
        """);

    private final String file;
    private final int reloads;
    private final String text;

    Language(String file, int reloads, String text) {
      this.file = file;
      this.reloads = reloads;
      this.text = text;
    }

    String text(int version, List<String> engines) {
      return text.formatted(version, "'" + String.join("', '", engines) + "'");
    }
  }

  @ParameterizedTest
  @EnumSource
  void noRequestFailsAndNothingIsLeftBehind(Language language) throws Exception {
    var client = new Client(envoy.port());
    plugins.save(language.file, language.text(0, engines.addresses()));
    plugins.await("reloaded", 1);
    var heap = new ArrayList<Long>();
    try (var load = Load.start(client, 3)) {
      for (int reload = 1; reload <= language.reloads; reload++) {
        plugins.save(language.file, language.text(reload, engines.addresses()));
        plugins.await("reloaded", reload + 1);
        if (reload % Math.max(1, language.reloads / HEAP_SAMPLES) == 0) {
          awaitTarget(client, reload);
          heap.add(usedHeap());
        }
      }
      awaitTarget(client, language.reloads);
      load.stop();

      assertThat(load.failures()).isEmpty();
      assertThat(load.answers()).isGreaterThan(language.reloads);
    }
    int third = heap.size() / 3;
    assertThat(median(heap.subList(heap.size() - third, heap.size())))
        .as("heap after collections: " + heap)
        .isLessThan(median(heap.subList(0, third)) + HEAP_NOISE_BYTES);
    Eventually.until(
        PluginsOnDisk.LOADING,
        () -> scriptThreads() == 1,
        () -> scriptThreads() + " script threads are left");
    assertThat(plugins.host().meter("signalbox_script_threads_abandoned", "")).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void aBrokenSaveKeepsTheOldOneAndADeletedOneStartsAfresh(Language language) throws Exception {
    var client = new Client(envoy.port());
    var text = language.text(0, engines.addresses());
    try (var load = Load.start(client, 3)) {
      plugins.save(language.file, text);
      plugins.await("reloaded", 1);
      plugins.save(language.file, language.text(1, engines.addresses()));
      plugins.await("reloaded", 2);
      awaitTarget(client, 1);

      plugins.save(language.file, text.replace("(request, endpoint)", "(request, endpoint"));
      plugins.await("reloaded", "rejected");
      assertThat(plugins.status("reloaded").orElseThrow().problem())
          .startsWith(language.file + ":");
      awaitTarget(client, 1);

      plugins.save(language.file, language.text(2, engines.addresses()));
      plugins.await("reloaded", 4);
      awaitTarget(client, 2);

      plugins.clear();
      plugins.save(language.file, text);
      plugins.await("reloaded", 1);
      awaitTarget(client, 0);
      load.stop();

      assertThat(load.failures()).isEmpty();
      assertThat(load.answers()).isPositive();
    }
  }

  /** Asks until the plugin decides, and in favour of the engine of this number. */
  private void awaitTarget(Client client, int generation) throws Exception {
    var expected = engines.get(generation % 3).address();
    Eventually.until(
        PluginsOnDisk.LOADING,
        () -> {
          var answer = client.chat(Bodies.HELLO);
          return Answers.header(answer, "x-signalbox-degraded").isEmpty()
              && Answers.header(answer, "target-pod").equals(expected);
        },
        () -> "version " + generation + " does not decide: " + plugins.status("reloaded"));
  }

  private static long usedHeap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static long median(List<Long> values) {
    var sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }

  private static long scriptThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("script-reloaded"))
        .count();
  }
}
