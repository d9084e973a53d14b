package io.signalbox.benchmarks.quality;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class QualityCommandTest {
  @TempDir private Path folder;

  @Test
  void saysWhereNothingWasAnswered() {
    var run =
        Run.of(
            "--traffic=bursts",
            "--chain=random",
            "--engines=1",
            "--seconds=5",
            "--seeds=1",
            "--kv-blocks=64",
            "--out=" + folder);

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.said()).contains("bursts: no request was answered by random");
  }

  private record Run(int status, String said) {
    static Run of(String... arguments) {
      var said = new StringWriter();
      int status =
          new CommandLine(new QualityCommand())
              .setErr(new PrintWriter(said, true))
              .execute(arguments);
      return new Run(status, said.toString());
    }
  }

  @Test
  void writesTablesFiguresAndCharts() throws IOException {
    var run =
        Run.of(
            "--traffic=bursts",
            "--chain=random",
            "--chain=prefix-cache, least-request",
            "--engines=2",
            "--seconds=10",
            "--seeds=2",
            "--out=" + folder);

    assertThat(run.status()).as(run.said()).isZero();
    assertThat(folder.resolve("results.md"))
        .content()
        .contains("### Who wins where", "### bursts", "| `prefix-cache, least-request` |");
    var json = new JsonObject(Files.readString(folder.resolve("results.json")));
    var chain =
        json.getJsonArray("traffics").getJsonObject(0).getJsonArray("chains").getJsonObject(0);
    assertThat(chain.getString("name")).isEqualTo("random");
    assertThat(chain.getLong("answers")).isPositive();
    assertThat(chain.getDouble("first_token_p50_seconds")).isPositive();
    var page = Files.readString(folder.resolve("results.html"));
    if (Charts.areDrawable()) {
      assertThat(page).contains("<svg").doesNotContain(Report.NO_CHARTS);
      try (var files = Files.list(folder)) {
        assertThat(files.map(Path::toString).filter(name -> name.endsWith(".png"))).hasSize(6);
      }
    } else {
      assertThat(page).contains(Report.NO_CHARTS);
    }
  }

  record Wrong(List<String> arguments, String problem) {
    Wrong(String argument, String problem) {
      this(List.of(argument), problem);
    }
  }

  private static Stream<Wrong> wrongArguments() {
    return Stream.of(
        new Wrong("--engines=0", "--engines must be from 1 to 200: 0"),
        new Wrong("--seconds=86401", "--seconds must be from 1 to 86400: 86401"),
        new Wrong(
            "--traffic=chats",
            "--traffic knows no chats, only chat, documents, bursts, mixed, uneven"),
        new Wrong(
            List.of("--trace=pom.xml", "--traffic=chat"),
            "--trace and --traffic exclude each other"),
        new Wrong("--trace=no-such-file", "--trace: no-such-file cannot be read"),
        new Wrong("--trace=pom.xml", "--trace: pom.xml:1 is not a JSON object"),
        new Wrong("--chain=no-such", "--chain no-such: "));
  }

  @ParameterizedTest
  @MethodSource("wrongArguments")
  void saysWhatIsWrongWithAnArgument(Wrong wrong) {
    var run =
        Run.of(
            Stream.concat(wrong.arguments().stream(), Stream.of("--out=" + folder))
                .toArray(String[]::new));

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.said()).contains(wrong.problem());
    assertThat(folder).isEmptyDirectory();
  }
}
