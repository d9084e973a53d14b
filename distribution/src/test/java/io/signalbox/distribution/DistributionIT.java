package io.signalbox.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.distribution.Dockerfile.Stage;
import io.signalbox.simulator.EngineSimulator;
import io.signalbox.simulator.SimulatorOptions;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The archive, unpacked by the commands of the Dockerfile and started by its entry point: in empty
 * folders in the place of images, on a Java without tools, where nothing can be written.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DistributionIT {
  private static final String HOME = "/opt/signalbox";

  /** No user can write there, nor make it. */
  private static final String NOWHERE = "/proc/nowhere";

  private static final String JAVASCRIPT =
      """
      export const strategy = { name: "by-javascript", kind: "scorer", prefer: "low" };
      export const score = (request, endpoint) => endpoint.address.length;
      """;

  /** The library of Python is a folder of files. */
  private static final String PYTHON =
      """
      import json
      from signalbox import scorer

      @scorer("by-python", prefer="low")
      def score(request, endpoint):
          return len(json.dumps(endpoint.address))
      """;

  private Path image;
  private Path jre;
  private Dockerfile dockerfile;

  /** Does what building the target {@code python} does, but for the build that made the archive. */
  @BeforeAll
  void build(@TempDir Path folder) throws Exception {
    dockerfile = Dockerfile.read();
    image = Files.createDirectory(folder.resolve("image"));
    jre = RunTimeImage.make(folder.resolve("jre"));
    var built = Files.createDirectory(folder.resolve("build"));
    for (var run : dockerfile.stage("build-python").all("RUN")) {
      if (!run.rest().startsWith("./mvnw ")) {
        Shell.run(
            Dockerfile.ROOT,
            List.of("sh", "-ec", run.rest().replace(" /opt/", " " + built + "/opt/")));
      }
    }
    for (var copy : dockerfile.stage("python").all("COPY")) {
      var words = copy.rest().split(" ", -1);
      assertThat(words[0]).isEqualTo("--from=build-python");
      var to = Files.createDirectories(image.resolve(words[2].substring(1)).getParent());
      Shell.run(folder, List.of("mv", built + words[1], to + "/"));
    }
    Shell.run(folder, List.of("chmod", "-R", "a-w", image + HOME));
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** What lies in the image: sizes and times by name. */
  private Map<String, String> files() throws IOException {
    var found = new TreeMap<String, String>();
    try (var files = Files.walk(image)) {
      for (var file : files.toList()) {
        found.put(
            image.relativize(file).toString(),
            Files.size(file) + " " + Files.getLastModifiedTime(file));
      }
    }
    return found;
  }

  @Test
  void itRunsOnAJreWhereNothingCanBeWritten() throws Exception {
    int gateway = freePort();
    int admin = freePort();
    var vertx = Vertx.vertx();
    try {
      var engine =
          EngineSimulator.start(vertx, SimulatorOptions.defaults().withModel("m"))
              .await(30, TimeUnit.SECONDS);
      configure(
          """
          gateway: {host: 127.0.0.1, port: %d}
          admin: {port: %d}
          ext-proc: {enabled: false}
          models: [{name: m, endpoints: ["%s"]}]
          routing: {default: "by-javascript;deadline=10s, by-python;deadline=10s"}
          # As in the pod of a cluster, whose configuration cannot know its address.
          cluster: {enabled: true, host: 192.0.2.1, port: %d}
          """
              .formatted(gateway, admin, engine.address(), freePort()));
      var before = files();

      try (var program = StartedProgram.start(command(), environment())) {
        var answer =
            StartedProgram.post(
                gateway,
                "/v1/chat/completions",
                "{\"model\": \"m\", \"messages\": [{\"role\": \"user\", \"content\": \"Hello\"}]}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("target-pod")).contains(engine.address());
        // Both scripts took part.
        assertThat(answer.headers().firstValue("x-signalbox-degraded")).isEmpty();
        assertThat(StartedProgram.get(admin, "/metrics").body())
            .contains(
                "signalbox_script_runtime{language=\"javascript\",state=\"optimised\"} 1.0",
                "signalbox_script_runtime{language=\"python\",state=\"optimised\"} 1.0");
        assertThat(files()).isEqualTo(before);
        assertThat(program.stop()).isEqualTo(143);
      }
    } finally {
      vertx.close().await(30, TimeUnit.SECONDS);
    }
  }

  private void configure(String yaml) throws IOException {
    var etc = Files.createDirectories(image.resolve("etc/signalbox"));
    Files.writeString(etc.resolve("signalbox.yaml"), yaml);
    var plugins = Files.createDirectories(etc.resolve("plugins"));
    Files.writeString(plugins.resolve("javascript.mjs"), JAVASCRIPT);
    Files.writeString(plugins.resolve("python.py"), PYTHON);
  }

  /** The entry point and its arguments, in the folder that stands for the image. */
  private List<String> command() {
    var words = new ArrayList<String>();
    var base = dockerfile.stage(dockerfile.stage("python").base());
    words.addAll(base.all("ENTRYPOINT").getFirst().words());
    words.addAll(base.all("CMD").getFirst().words());
    return words.stream().map(word -> word.startsWith("/") ? image + word : word).toList();
  }

  private Map<String, String> environment() {
    return Map.of(
        "JAVA_HOME", jre.toString(),
        "SIGNALBOX_CLUSTER_HOST", "127.0.0.1",
        "SIGNALBOX_JAVA_OPTS", "-Duser.home=%s -Djava.io.tmpdir=%s".formatted(NOWHERE, NOWHERE));
  }

  @Test
  void everyImageIsBuiltFromTheArchiveAndRunsAsNobody() {
    var images = dockerfile.stages().stream().filter(stage -> stage.base().equals("base")).toList();
    assertThat(images).extracting(Stage::name).containsExactly("javascript", "python");
    for (var stage : images) {
      var builds = dockerfile.stage("build-" + stage.name()).all("RUN");
      assertThat(builds).hasSize(2);
      assertThat(builds.getFirst().rest())
          .startsWith("./mvnw ")
          .endsWith(" -pl distribution -am package");
      assertThat(builds.getLast()).isEqualTo(dockerfile.stage("build-python").all("RUN").getLast());
      assertThat(builds.getFirst().rest().contains(" -DskipPython "))
          .isEqualTo(stage.name().equals("javascript"));
      assertThat(stage.all("COPY"))
          .extracting(Dockerfile.Instruction::rest)
          .containsExactly("--from=build-%s %s %s".formatted(stage.name(), HOME, HOME));
    }
    assertThat(dockerfile.stage("base").all("USER"))
        .extracting(Dockerfile.Instruction::rest)
        .containsExactly("65532:65532");
  }

  @Test
  void whatIsBuiltOnThisMachineStaysOutOfTheImage() throws IOException {
    assertThat(Files.readAllLines(Dockerfile.ROOT.resolve(".dockerignore")))
        .contains(".git", "**/target");
  }

  @Test
  void theArchiveHasWhatItsPagesSpeakOf() {
    for (var file :
        List.of(
            "bin/signalbox",
            "conf/signalbox.yaml",
            "conf/envoy.yaml",
            "docs/configuration.md",
            "systemd/signalbox.service",
            "README.md",
            "LICENSE")) {
      assertThat(image.resolve(HOME.substring(1)).resolve(file)).exists();
    }
    assertThat(image.resolve(HOME.substring(1)).resolve("bin/signalbox")).isExecutable();
  }
}
