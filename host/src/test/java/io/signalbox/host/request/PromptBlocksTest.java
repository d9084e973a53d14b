package io.signalbox.host.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.request.ScanResult.Scanned;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Prompts as chains of hashes. */
class PromptBlocksTest {
  private static InferenceRequest request(String body) {
    return new InferenceRequest(
        new Scanned("m", null, false),
        RequestHeaders.of(Map.of()),
        () -> ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)));
  }

  private static InferenceRequest prompt(String json) {
    return request("{\"model\": \"m\", \"prompt\": " + json + "}");
  }

  private static InferenceRequest text(String text) {
    return prompt("\"" + text + "\"");
  }

  private static List<String> hashes(PromptBlocks blocks) {
    return IntStream.range(0, blocks.size())
        .mapToObj(i -> Long.toUnsignedString(blocks.hash(i)))
        .toList();
  }

  /** What AIBrix makes of a text. */
  record Golden(String name, String text, BlockHashing hashing, List<String> hashes) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Golden> golden() {
    var seed0 = new BlockHashing(4, 0);
    return List.of(
        new Golden("one block", "abcd", seed0, List.of("16464934435465292544")),
        new Golden("less than a block", "abc", seed0, List.of()),
        new Golden("an incomplete tail", "abcdX", seed0, List.of("16464934435465292544")),
        new Golden(
            "two blocks and a tail",
            "hello world",
            seed0,
            List.of("8760862958473797127", "14765582204697627499")),
        new Golden(
            "another seed",
            "abcdefgh",
            new BlockHashing(4, 42),
            List.of("14376950484376714383", "12120800407414931363")));
  }

  @ParameterizedTest
  @MethodSource("golden")
  void chainsAreThoseOfAibrix(Golden row) {
    assertThat(hashes(text(row.text()).blocks(row.hashing()))).isEqualTo(row.hashes());
  }

  @Test
  void aHashSaysWhatIsBeforeItWhereverTheBytesLie() {
    // Blocks of 4 and of 8 bytes lie differently to the 8 bytes of the hash before them.
    for (int blockBytes : new int[] {1, 4, 7, 8, 9, 64, 128}) {
      var hashing = new BlockHashing(blockBytes, 3);
      var whole = hashes(text("abcdefgh".repeat(64)).blocks(hashing));

      assertThat(whole).hasSize(512 / blockBytes).doesNotHaveDuplicates();
      assertThat(hashes(text("abcdefgh".repeat(32)).blocks(hashing)))
          .isEqualTo(whole.subList(0, 256 / blockBytes));
      assertThat(hashes(text("b" + "abcdefgh".repeat(64)).blocks(hashing)))
          .doesNotContainAnyElementsOf(whole);
    }
  }

  @Test
  void textIsCutByItsBytes() {
    assertThat(text("é".repeat(6)).blocks(new BlockHashing(4, 0)).size()).isEqualTo(3);
    assertThat(text("x".repeat(300)).blocks(new BlockHashing(128, 0)).tokensPerBlock())
        .isEqualTo(32);
  }

  @Test
  void tokenIdsAreBlocksOf16() {
    var ids = IntStream.range(0, 40).mapToObj(Integer::toString).collect(Collectors.joining(","));
    var hashing = new BlockHashing(128, 0);
    var blocks = prompt("[" + ids + "]").blocks(hashing);

    assertThat(blocks.size()).isEqualTo(2);
    assertThat(blocks.tokensPerBlock()).isEqualTo(16);
    assertThat(hashes(prompt("[" + ids.replace("39", "99") + "]").blocks(hashing)))
        .isEqualTo(hashes(blocks));
    assertThat(hashes(prompt("[" + ids.replace("17", "99") + "]").blocks(hashing)).getFirst())
        .isEqualTo(hashes(blocks).getFirst());
    assertThat(hashes(prompt("[" + ids.replace("17", "99") + "]").blocks(hashing)).getLast())
        .isNotEqualTo(hashes(blocks).getLast());
    assertThat(prompt("[" + ids + "]").promptTokens()).isEqualTo(40);
  }

  @Test
  void whatIsNoTokenIdIsTheEnginesToRefuse() {
    assertThat(prompt("[1, 99999999999999999999999]").promptTokens()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"prompt\": \"abcdefghi\"",
        "\"prompt\": [\"\", \"é\\n\", \"\ud83d\ude00 and \\ud83d\\ude00\"]",
        "\"prompt\": [1, 2, 99999999999999999999999]",
        "\"messages\": [{\"role\": \"user\", \"content\": [{\"text\": \"one\"}, {\"text\": \"two\"}]}]",
        "\"input\": [\"text\", 7]",
        "\"prompt\": \"cut off",
        "\"prompt\": \"\"",
        "\"n\": 1"
      })
  void tokensAreAsManyWhereTheTextIsNotRead(String members) {
    var body = "{\"model\": \"m\", " + members + (members.endsWith("off") ? "" : "}");
    double tokens = InferenceRequest.promptTokensAtLast(request(body));

    assertThat(Double.valueOf(tokens)).isEqualTo(Double.valueOf(request(body).promptTokens()));
    assertThat(Double.isNaN(tokens))
        .isEqualTo(request(body).prompt().isEmpty() && !body.contains("[1, "));
  }

  @Test
  void aLongPromptIsHashedAtItsBeginning() {
    var blocks = text("x".repeat(4 * BlockHashing.MAX_BLOCKS + 400)).blocks(new BlockHashing(4, 0));

    assertThat(blocks.size()).isEqualTo(BlockHashing.MAX_BLOCKS);
  }

  @Test
  void noPromptHasNoBlocks() {
    assertThat(request("{\"model\": \"m\"}").blocks(new BlockHashing(4, 0)).size()).isZero();
  }

  @Test
  void aRequestIsHashedOnceAndOnlyWhenAsked() {
    var reads = new AtomicInteger();
    var body = ByteBuffer.wrap("{\"prompt\": \"abcdefgh\"}".getBytes(StandardCharsets.UTF_8));
    var request =
        new InferenceRequest(
            new Scanned("m", null, false),
            RequestHeaders.of(Map.of()),
            () -> {
              reads.incrementAndGet();
              return body;
            });
    var hashing = new BlockHashing(4, 0);

    assertThat(request.hashedBlocks(hashing)).isEmpty();
    assertThat(reads).hasValue(0);
    var blocks = request.blocks(hashing);
    assertThat(request.blocks(new BlockHashing(4, 0))).isSameAs(blocks);
    assertThat(request.hashedBlocks(hashing)).containsSame(blocks);
    assertThat(request.hashedBlocks(new BlockHashing(8, 0))).isEmpty();
    assertThat(reads).hasValue(1);
  }
}
