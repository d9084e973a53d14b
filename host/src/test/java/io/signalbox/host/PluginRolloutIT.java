package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.plugin.PluginStatus.VersionStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A new version that is tried before it is obeyed, and one that is taken back. */
@ExtendWith(BlockedLoops.class)
final class PluginRolloutIT {
  private static final int REQUESTS = 400;

  @TempDir private Path base;
  private Engines engines;
  private PluginsOnDisk plugins;

  @BeforeEach
  void start() throws IOException {
    engines = Engines.start(2);
    plugins = PluginsOnDisk.start(base, yaml(""));
  }

  @AfterEach
  void stop() {
    plugins.close();
    engines.close();
  }

  private String yaml(String rollout) {
    return """
    %s
    routing: {default: "tried;deadline=1s;optional, least-request"}
    plugins: {tried: {%s}}
    """
        .formatted(RunningHost.models(engines.addresses()), rollout);
  }

  /** A version that prefers one engine. */
  private String preferring(int engine, String comment) {
    return """
    // %s
    export const strategy = { name: "tried", kind: "scorer", prefer: "low" };
    export const score = (request, endpoint) => (endpoint.address === "%s" ? 0 : 1);
    """
        .formatted(comment, engines.get(engine).address());
  }

  /** The first version decides alone, and the next will be rolled out so. */
  private void startWith(String rollout) throws Exception {
    plugins.save("tried.mjs", preferring(0, "first"));
    plugins.await("tried", "active");
    plugins.configure(yaml(rollout));
    // Its configuration is another one, so it is loaded anew.
    plugins.await("tried", "trial");
  }

  @Test
  void aCanaryDecidesForItsShare() throws Exception {
    startWith("canary: 20%");
    plugins.save("tried.mjs", preferring(1, "second"));
    Eventually.until(
        PluginsOnDisk.LOADING, () -> states().equals("trial, retired, active"), () -> states());

    var shares = shares();

    // Six standard deviations of 400 draws with one in five.
    assertThat(shares.get(engines.get(1).address())).isBetween(32, 128);
    assertThat(shares.get(engines.get(0).address())).isGreaterThan(200);
  }

  @Test
  void aVersionIsActivatedAndTakenBack() throws Exception {
    startWith("canary: 20%");
    plugins.save("tried.mjs", preferring(1, "second"));
    Eventually.until(
        PluginsOnDisk.LOADING, () -> states().equals("trial, retired, active"), () -> states());

    Eventually.result(plugins.host().plugins().activate("tried", 3));
    assertThat(states()).isEqualTo("active, retired, retired");
    assertThat(shares()).containsOnlyKeys(engines.get(1).address());

    Eventually.result(plugins.host().plugins().rollBack("tried"));
    assertThat(shares()).containsOnlyKeys(engines.get(0).address());
  }

  @Test
  void aShadowIsAskedAndNotObeyed() throws Exception {
    startWith("shadow: true");
    assertThat(shares()).containsOnlyKeys(engines.get(0).address());
    Eventually.until(
        PluginsOnDisk.LOADING, () -> meter("agreements_total") > 0, "nothing was compared");
    assertThat(meter("regret_sum")).isZero();
    double agreements = meter("agreements_total");

    plugins.save("tried.mjs", preferring(1, "second"));
    Eventually.until(
        PluginsOnDisk.LOADING, () -> states().equals("trial, retired, active"), () -> states());
    double comparisons = meter("regret_count");
    assertThat(shares()).containsOnlyKeys(engines.get(0).address());

    Eventually.until(
        PluginsOnDisk.LOADING, () -> meter("regret_count") > comparisons, "nothing was compared");
    // Whatever is chosen is the worst of two in its eyes.
    assertThat(meter("agreements_total")).isEqualTo(agreements);
    assertThat(meter("regret_sum")).isEqualTo(meter("regret_count") - comparisons);
    var shadow = plugins.strategy("tried").orElseThrow().shadow();
    assertThat(shadow.meanRegret()).isBetween(0.0, 1.0);
    assertThat(shadow.agreements()).isEqualTo(agreements);
  }

  /** Where requests go whose chain went as written, by address. */
  private Map<String, Integer> shares() {
    var shares = new HashMap<String, Integer>();
    for (int i = 0; i < REQUESTS; i++) {
      var answer = plugins.host().gateway().chat(Bodies.chat("hello", 1));
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      if (Answers.header(answer, "x-signalbox-degraded").isEmpty()) {
        shares.merge(Answers.header(answer, "target-pod"), 1, Integer::sum);
      }
    }
    return shares;
  }

  /** Of all versions, newest first. */
  private String states() {
    return String.join(
        ", ",
        plugins.status("tried").orElseThrow().versions().stream()
            .map(VersionStatus::state)
            .toList());
  }

  private double meter(String name) {
    return plugins.host().meter("signalbox_plugin_" + name, "strategy=\"tried\"");
  }
}
