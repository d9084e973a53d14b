package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host that is told to end while a script runs that nothing stops. */
class PluginStopIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  @Test
  void theProcessEnds(@TempDir Path plugins) throws Exception {
    var script = HostileScript.of("long-operation.mjs");
    // For minutes, and with the process it ends.
    Files.writeString(
        plugins.resolve(script.file()), script.text().replace("20_000_000n", "200_000_000n"));
    var ports = RunningHost.Ports.free();
    var command =
        List.of(
            Main.class.getName(),
            "demo",
            "--plugins=" + plugins,
            "--gateway-port=" + ports.gateway(),
            "--ext-proc-port=" + ports.extProc(),
            "--admin-port=" + ports.admin());
    try (var process = JavaProcess.start(command, "Ctrl-C stops all of it.")) {
      var answer =
          new Client(ports.gateway())
              .chat(Bodies.HELLO, "x-attack", "1", "routing-strategy", "hostile;deadline=10ms");
      assertThat(answer.statusCode()).isEqualTo(200);
      Eventually.until(
          SOON, () -> isAbandoned(new Client(ports.admin())), "the script is not given up");

      process.stop(SOON);
    }
  }

  private static boolean isAbandoned(Client admin) {
    return admin.get("/metrics").body().contains("\nsignalbox_script_threads_abandoned 1");
  }
}
