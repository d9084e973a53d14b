package io.signalbox.benchmarks.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TraceRequestTest {
  private static final String GOOD =
      "{\"timestamp\": 27482, \"input_length\": 1025, \"output_length\": 52, \"hash_ids\": [0, 7, 8]}";

  @TempDir private Path folder;

  private List<TraceRequest> read(String text) throws IOException {
    return TraceRequest.read(Files.writeString(folder.resolve("trace.jsonl"), text));
  }

  @Test
  void readsRequestsInTheirOrderAndSkipsEmptyLines() throws IOException {
    var other = GOOD.replace("27482", "27000").replace("52,", "1, \"more\": \"of this\",");

    assertThat(read(GOOD + "\n\n" + other + "\n"))
        .containsExactly(
            new TraceRequest(27_482, 1_025, 52, List.of(0L, 7L, 8L)),
            new TraceRequest(27_000, 1_025, 1, List.of(0L, 7L, 8L)));
  }

  @Test
  void readsTheSample() throws IOException {
    assertThat(TraceRequest.read(Path.of("traces", "sample.jsonl"))).hasSizeGreaterThan(100);
  }

  @Test
  void refusesAFileWithoutRequests() {
    assertThatThrownBy(() -> read("\n"))
        .isInstanceOf(TraceException.class)
        .hasMessage("trace.jsonl has no requests");
  }

  record Bad(String name, String line, String problem) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Stream<Bad> badLines() {
    var blocks = "hash_ids must be a list of 3 integers, one for each 512 tokens of input_length";
    var timestamp = "timestamp must be an integer from 0 to 31536000000";
    return Stream.of(
        new Bad("no JSON", "timestamp 1", "is not a JSON object"),
        new Bad("cut off", GOOD.substring(0, 40), "is not a JSON object"),
        new Bad("a list", "[1, 2]", "is not a JSON object"),
        new Bad("no time", GOOD.replace("timestamp", "time"), timestamp),
        new Bad("a time before the first", GOOD.replace("27482", "-1"), timestamp),
        new Bad("a time that is text", GOOD.replace("27482", "\"now\""), timestamp),
        new Bad("a time with a fraction", GOOD.replace("27482", "1.5"), timestamp),
        new Bad(
            "an empty prompt",
            GOOD.replace("1025", "0"),
            "input_length must be an integer from 1 to 10000000"),
        new Bad(
            "a prompt beyond all bounds",
            GOOD.replace("1025", "10000001"),
            "input_length must be an integer from 1 to 10000000"),
        new Bad(
            "no answer",
            GOOD.replace("52", "0"),
            "output_length must be an integer from 1 to 10000000"),
        new Bad("no blocks", GOOD.replace("hash_ids", "hashes"), blocks),
        new Bad("a block too few", GOOD.replace("0, 7, 8", "0, 7"), blocks),
        new Bad("a block too many", GOOD.replace("1025", "1024"), blocks.replace("3", "2")),
        new Bad(
            "a block that is text",
            GOOD.replace("7, 8", "7, \"8\""),
            "hash_ids must be integers of 0 or more"),
        new Bad(
            "a block below 0",
            GOOD.replace("7, 8", "7, -8"),
            "hash_ids must be integers of 0 or more"));
  }

  @ParameterizedTest
  @MethodSource("badLines")
  void saysWhichLineIsNoRequestAndWhy(Bad bad) {
    assertThatThrownBy(() -> read(GOOD + "\n" + bad.line() + "\n"))
        .isInstanceOf(TraceException.class)
        .hasMessage("trace.jsonl:2 " + bad.problem());
  }
}
