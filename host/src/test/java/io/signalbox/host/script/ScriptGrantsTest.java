package io.signalbox.host.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.config.Grant;
import io.signalbox.sdk.Parameters;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a script may do that was granted something. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class ScriptGrantsTest {
  /**
   * One thing to try.
   *
   * @param body of a function; what it returns must be 1
   */
  record Granted(Grant grant, ScriptLanguage language, String body) {
    @Override
    public String toString() {
      return grant.id() + ", " + language.title() + ": " + body;
    }
  }

  static Stream<Granted> granted() {
    return Stream.of(
        py(Grant.ENVIRONMENT, "import os; return 1 if os.environ.get('PATH') else 0"),
        py(
            Grant.THREADS,
            "import threading; done = []; t = threading.Thread(target=lambda: done.append(1));"
                + " t.start(); t.join(); return len(done)"),
        py(Grant.HOST_CLASSES, "import java; return java.type('java.lang.Math').abs(-1)"),
        new Granted(
            Grant.HOST_CLASSES,
            ScriptLanguage.JAVASCRIPT,
            "return Java.type('java.lang.Math').abs(-1);"));
  }

  private static Granted py(Grant grant, String body) {
    return new Granted(grant, ScriptLanguage.PYTHON, body);
  }

  @ParameterizedTest
  @MethodSource("granted")
  void whatIsGrantedWorks(Granted row) {
    assertThat(score(row.language(), row.body(), row.grant())).isEqualTo(1);
  }

  @Test
  void filesAreReadAndWritten(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("in.txt"), "1");

    double read =
        score(
            ScriptLanguage.PYTHON,
            "f = open('%s/in.txt'); n = int(f.read()); f.close(); o = open('%s/out.txt', 'w');"
                    .formatted(folder, folder)
                + " o.write('seen'); o.close(); return n",
            Grant.FILES);

    assertThat(read).isEqualTo(1);
    assertThat(folder.resolve("out.txt")).hasContent("seen");
  }

  @Test
  void theNetworkIsReached() throws IOException {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var body =
          "import socket; s = socket.create_connection(('127.0.0.1', %d)); s.close(); return 1"
              .formatted(server.getLocalPort());

      assertThat(score(ScriptLanguage.PYTHON, body, Grant.NETWORK)).isEqualTo(1);
      server.accept().close();
    }
  }

  private static double score(ScriptLanguage language, String body, Grant grant) {
    var file = language == ScriptLanguage.PYTHON ? "granted.py" : "granted.mjs";
    var text =
        language == ScriptLanguage.PYTHON
            ? """
            from signalbox import scorer

            @scorer("granted", prefer="high")
            def score(request, endpoint):
                %s
            """
                .formatted(body)
            : """
            export const strategy = { name: "granted", kind: "scorer", prefer: "high" };
            export function score(request, endpoint) { %s }
            """
                .formatted(body);
    try (var script =
        Scripts.RUNTIME.open(
            ScriptSource.of(file, text), Grants.of(grant), (_, _) -> {}, new Random(1))) {
      var scores = new double[1];
      Scripts.first(script)
          .score(ScriptedRequest.PLAIN, new ScriptedFleet("m", 1).all(), Parameters.NONE, scores);
      return scores[0];
    }
  }
}
