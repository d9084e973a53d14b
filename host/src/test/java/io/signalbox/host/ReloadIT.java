package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A running host whose configuration file changes under it. */
@ExtendWith(BlockedLoops.class)
final class ReloadIT {
  private static final Duration SOON = Duration.ofSeconds(5);

  @TempDir private Path folder;
  private Engines engines;
  private RunningHost.Ports ports;
  private Path file;
  private RunningHost host;

  @BeforeEach
  void start() throws IOException {
    engines = Engines.start(2);
    ports = RunningHost.Ports.free();
    file = folder.resolve("signalbox.yaml");
    Files.writeString(file, first());
    host = RunningHost.follow(ports, file);
  }

  @AfterEach
  void stop() {
    host.close();
    engines.close();
  }

  private String first() {
    return ports.yaml(RunningHost.models(List.of(engines.get(0).address())));
  }

  private String second() {
    return ports.yaml(
        RunningHost.models(List.of(engines.get(1).address())) + "\nrouting: {default: random}");
  }

  /** The ways a file is changed by people and by tools. */
  enum Change {
    SAVED_IN_PLACE {
      @Override
      void write(Path file, String text) throws IOException {
        Files.writeString(file, text);
      }
    },
    REPLACED {
      @Override
      void write(Path file, String text) throws IOException {
        var next = file.resolveSibling("next.yaml");
        Files.writeString(next, text);
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      }
    },
    LINK_POINTED_ELSEWHERE {
      @Override
      void write(Path file, String text) throws IOException {
        // As Kubernetes does it: the folder behind the link is another one.
        var data = Files.createDirectory(file.resolveSibling("data-2"));
        Files.writeString(data.resolve("signalbox.yaml"), text);
        var link = file.resolveSibling("..next");
        Files.createSymbolicLink(link, data.resolve("signalbox.yaml"));
        Files.move(link, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      }
    };

    abstract void write(Path file, String text) throws IOException;
  }

  @ParameterizedTest
  @EnumSource
  void aValidChangeAppliesWithoutARestart(Change change) throws Exception {
    assertThat(target()).isEqualTo(engines.get(0).address());

    change.write(file, second());

    Eventually.until(
        SOON, () -> target().equals(engines.get(1).address()), "the change does not apply");
    var answer = host.gateway().chat(Bodies.HELLO);
    assertThat(Answers.header(answer, "routing-strategy")).isEqualTo("random");
    assertThat(status().getValue("refused")).isNull();
  }

  private String target() {
    return Answers.header(host.gateway().chat(Bodies.HELLO), "target-pod");
  }

  private JsonObject status() {
    return new JsonObject(host.admin().get("/config").body());
  }

  @Test
  void anInvalidChangeIsRefusedAndShownAndTheOldOneStays() throws Exception {
    Files.writeString(file, first() + "\nroutng: {default: random}\nsignals: 3\n");

    Eventually.until(SOON, () -> status().getValue("refused") != null, "the refusal is not shown");

    assertThat(status().getJsonObject("refused").getJsonArray("problems").encode())
        .contains("routng", "did you mean", "routing");
    assertThat(target()).isEqualTo(engines.get(0).address());

    Files.writeString(file, second());
    Eventually.until(
        SOON, () -> target().equals(engines.get(1).address()), "the next change does not apply");
    assertThat(status().getValue("refused")).isNull();
  }

  @Test
  void chainsNestedWithoutEndAreRefusedAndTheFileIsStillFollowed() throws Exception {
    var nested = new StringBuilder(first()).append("\nrouting:\n  chains:\n");
    for (int i = 0; i < 6_000; i++) {
      nested.append("    c").append(i).append(": c").append(i + 1).append('\n');
    }
    Files.writeString(file, nested.append("    c6000: random\n").toString());
    Eventually.until(
        Duration.ofSeconds(20), () -> status().getValue("refused") != null, "nobody noticed");

    Files.writeString(file, second());
    Eventually.until(
        SOON, () -> target().equals(engines.get(1).address()), "the next change does not apply");
  }

  @Test
  void anEmptiedFileKeepsTheLastGoodSet() throws Exception {
    Files.writeString(file, "");
    Eventually.until(SOON, () -> status().getValue("refused") != null, "nobody noticed");
    assertThat(target()).isEqualTo(engines.get(0).address());
  }

  @Test
  void aVanishedFileKeepsTheLastGoodSet() throws Exception {
    Files.delete(file);
    Eventually.until(SOON, () -> status().getValue("refused") != null, "nobody noticed");
    assertThat(target()).isEqualTo(engines.get(0).address());
  }

  @Test
  void whatListensCannotChangeWhileItRuns() throws Exception {
    Files.writeString(file, first().replace("port: " + ports.gateway(), "port: 1"));
    Eventually.until(SOON, () -> status().getValue("refused") != null, "nobody noticed");
    assertThat(status().getJsonObject("refused").encode()).contains("restart");
    assertThat(target()).isEqualTo(engines.get(0).address());
  }

  @Test
  void whereNothingIsScrapedAnyMoreNobodyIsUnreachable() throws Exception {
    Eventually.result(engines.get(0).stop());
    Eventually.until(SOON, () -> endpoints().contains("\"reachable\" : false"), "nobody noticed");

    Files.writeString(file, first().replace("scrape-interval: 50ms", "scrape-interval: 0"));

    Eventually.until(
        SOON, () -> endpoints().contains("\"reachable\" : true"), "it stays unreachable");
  }

  private String endpoints() {
    return host.admin().get("/endpoints").body();
  }

  @Test
  void noRequestIsLostOverManyChanges() throws Exception {
    var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
    for (int change = 0; change < 6; change++) {
      Files.writeString(file, change % 2 == 0 ? second() : first());
      var expected = engines.get(change % 2 == 0 ? 1 : 0).address();
      boolean applied = false;
      while (!applied) {
        var batch = new ArrayList<CompletableFuture<HttpResponse<String>>>();
        for (int i = 0; i < 10; i++) {
          batch.add(host.gateway().chatAsync(Bodies.chat("request " + i, 2)));
        }
        batch.forEach(CompletableFuture::join);
        applied =
            batch.stream().allMatch(a -> Answers.header(a.join(), "target-pod").equals(expected));
        answers.addAll(batch);
      }
    }
    assertThat(answers).allMatch(answer -> answer.join().statusCode() == 200);
    host.awaitIdle();
  }

  @Test
  void aRequestOutlivesItsEndpointInTheConfiguration() throws Exception {
    var running = host.gateway().chatAsync(Bodies.chat("a long one", 300));
    Eventually.until(SOON, () -> host.inFlight() == 1, "the request is not in flight");

    Files.writeString(file, second());
    Eventually.until(
        SOON, () -> target().equals(engines.get(1).address()), "the change does not apply");

    assertThat(running.join().statusCode()).isEqualTo(200);
    assertThat(Answers.header(running.join(), "target-pod")).isEqualTo(engines.get(0).address());
  }
}
