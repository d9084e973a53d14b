package io.signalbox.host.kvevents;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.kvevents.Decoded.Malformed;
import io.signalbox.host.kvevents.Decoded.Read;
import io.signalbox.host.kvevents.KvEvent.AllBlocksCleared;
import io.signalbox.host.kvevents.KvEvent.BlockRemoved;
import io.signalbox.host.kvevents.KvEvent.BlockStored;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

/** What payloads say. The golden ones were made by msgspec from vLLM's classes. */
class BatchDecoderTest {
  /** vLLM 0.9: arrays, without the place of blocks. */
  private static final String OLDEST =
      "93cb3ff80000000000009396ab426c6f636b53746f726564920bcf8000000000000005c0940102030402c0"
          + "92ac426c6f636b52656d6f76656491fd91b0416c6c426c6f636b73436c6561726564c0";

  /** Arrays of all fields, a digest of 32 bytes, and an event of a later kind. */
  private static final String ARRAYS =
      "93cb4002000000000000939cab426c6f636b53746f7265649107c420000102030405060708090a0b0c0d0e0f1011"
          + "12131415161718191a1b1c1d1e1f92ce00011170080203a3475055a3616461c0c0c0c094ac426c6f636b52"
          + "656d6f76656491c420000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1fa343"
          + "5055c092a54c6174657281a16192010202";

  /** An image in the second block, in a cache that keeps a window. */
  private static final String WINDOW =
      "93cb4008000000000000919cab426c6f636b53746f72656492070806940102030402c0a3637075c092c092a3696d"
          + "670501ae736c6964696e675f77696e646f77cc80c0";

  /** As vLLM writes it in 2026: maps. */
  private static final String MAPS =
      "83a27473cb4010000000000000a66576656e7473948ba474797065ab426c6f636b53746f726564ac626c6f636b5f"
          + "686173686573920708b1706172656e745f626c6f636b5f6861736806a9746f6b656e5f6964739401020304"
          + "aa626c6f636b5f73697a6502a76c6f72615f6964c0a66d656469756da3475055a96c6f72615f6e616d65a3"
          + "616461aa65787472615f6b6579739291a361646192a3616461a473616c74a967726f75705f69647800b26b"
          + "765f63616368655f737065635f6b696e64ae66756c6c5f617474656e74696f6e84a474797065ac426c6f63"
          + "6b52656d6f766564ac626c6f636b5f6861736865739107a66d656469756da3475055a967726f75705f6964"
          + "780081a474797065b0416c6c426c6f636b73436c656172656482a474797065a54c61746572a17801b26461"
          + "74615f706172616c6c656c5f72616e6b01";

  record Golden(String name, String hex, String says) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Golden> golden() {
    return List.of(
        new Golden(
            "oldest",
            OLDEST,
            "rank 0 at 1.5 skipped 0: stored [11, -9223372036854775803] after none"
                + " tokens [1, 2, 3, 4] by 2 DEVICE adapter '' group 0 whole;"
                + " removed [-3] DEVICE group 0; cleared"),
        new Golden(
            "arrays",
            ARRAYS,
            "rank 2 at 2.25 skipped 1: stored [7] after 1736447835066146335 tokens [70000, 8] by 2"
                + " DEVICE adapter 'ada' group 0 whole; removed [1736447835066146335] LOWER group 0"),
        new Golden(
            "a window",
            WINDOW,
            "rank 0 at 3.0 skipped 0: stored [7, 8] after 6 tokens [1, 2, 3, 4] by 2 LOWER"
                + " adapter '' group 1 partly extra in block 1"),
        new Golden(
            "maps",
            MAPS,
            "rank 1 at 4.0 skipped 1: stored [7, 8] after 6 tokens [1, 2, 3, 4] by 2 DEVICE"
                + " adapter 'ada' group 0 whole extra in block 1; removed [7] DEVICE group 0;"
                + " cleared"));
  }

  @ParameterizedTest
  @MethodSource("golden")
  void aBatchSays(Golden row) {
    assertThat(said(HexFormat.of().parseHex(row.hex()))).isEqualTo(row.says());
  }

  private static String said(byte[] payload) {
    return switch (BatchDecoder.decode(payload)) {
      case Malformed(var problem) -> problem;
      case Read(var batch) ->
          "rank %d at %s skipped %d: %s"
              .formatted(
                  batch.rank(),
                  batch.at(),
                  batch.skipped(),
                  batch.events().stream()
                      .map(BatchDecoderTest::said)
                      .collect(Collectors.joining("; ")));
    };
  }

  private static String said(KvEvent event) {
    return switch (event) {
      case AllBlocksCleared _ -> "cleared";
      case BlockRemoved removed ->
          "removed %s %s group %d"
              .formatted(Arrays.toString(removed.hashes()), removed.tier(), removed.group());
      case BlockStored(var run, var adapter, int group, boolean whole) -> {
        var extras = new StringBuilder();
        for (int i = 0; i < run.size(); i++) {
          extras.append(run.extras()[i] == 0 ? "" : " extra in block " + i);
        }
        yield "stored %s after %s tokens %s by %d %s adapter '%s' group %d %s%s"
            .formatted(
                Arrays.toString(run.hashes()),
                run.parent().isPresent() ? run.parent().getAsLong() : "none",
                Arrays.toString(run.tokens()),
                run.blockTokens(),
                run.tier(),
                adapter,
                group,
                whole ? "whole" : "partly",
                extras);
      }
    };
  }

  record Row(String name, Packing packing, String says) {
    @Override
    public String toString() {
      return name;
    }
  }

  interface Packing {
    void pack(MessageBufferPacker packer) throws IOException;
  }

  private static byte[] packed(Packing packing) throws IOException {
    try (var packer = MessagePack.newDefaultBufferPacker()) {
      packing.pack(packer);
      return packer.toByteArray();
    }
  }

  /** {@code [time, [event]]}. */
  private static Packing batch(Packing event) {
    return packer -> {
      packer.packArrayHeader(2).packDouble(1).packArrayHeader(1);
      event.pack(packer);
    };
  }

  private static Packing stored(int hashes, int tokens, int blockTokens) {
    return batch(packer -> {
      packer.packArrayHeader(6).packString("BlockStored").packArrayHeader(hashes);
      for (int i = 0; i < hashes; i++) {
        packer.packInt(i);
      }
      packer.packNil().packArrayHeader(tokens);
      for (int i = 0; i < tokens; i++) {
        packer.packInt(i);
      }
      packer.packInt(blockTokens).packNil();
    });
  }

  static List<Row> malformed() {
    return List.of(
        new Row("nothing", packer -> {}, "not msgpack, or cut short"),
        new Row("a number", packer -> packer.packInt(7), "the batch must be an array or a map"),
        new Row("no events", packer -> packer.packArrayHeader(0), "a batch without events"),
        new Row(
            "something behind",
            packer -> packer.packArrayHeader(2).packInt(1).packArrayHeader(0).packInt(1),
            "there are bytes behind the batch"),
        new Row(
            "more events than bytes",
            packer -> packer.packArrayHeader(2).packInt(1).packArrayHeader(Integer.MAX_VALUE),
            "events is cut short"),
        new Row(
            "a map to pass over with more entries than bytes",
            batch(packer -> packer.packArrayHeader(2).packString("Later").packMapHeader(1 << 30)),
            "a map is cut short"),
        new Row(
            "an event that is a text",
            batch(packer -> packer.packString("x")),
            "an event must be an array or a map, not string"),
        new Row(
            "an event without tag",
            batch(packer -> packer.packArrayHeader(0)),
            "an event without a tag"),
        new Row(
            "a map that does not begin with its type",
            batch(packer -> packer.packMapHeader(1).packString("medium").packNil()),
            "an event must begin with its type"),
        new Row(
            "tokens that are no blocks",
            stored(2, 5, 2),
            "2 blocks of 2 tokens must have as many token_ids, not 5"),
        new Row("blocks of nothing", stored(1, 0, 0), "block_size must be from 1 to 65536"),
        new Row(
            "a hash that is a text",
            batch(packer ->
                packer
                    .packArrayHeader(2)
                    .packString("BlockRemoved")
                    .packArrayHeader(1)
                    .packString("x")),
            "block_hashes must be an integer or bytes, not string"),
        new Row(
            "a rank that is none for being unsigned",
            packer ->
                packer
                    .packArrayHeader(3)
                    .packInt(1)
                    .packArrayHeader(0)
                    .packBigInteger(BigInteger.TWO.pow(Long.SIZE).subtract(BigInteger.ONE)),
            "data_parallel_rank must have 32 bits"),
        new Row(
            "a rank that is none",
            packer -> packer.packArrayHeader(3).packInt(1).packArrayHeader(0).packInt(-1),
            "data_parallel_rank must be from 0 to 65535"));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void whatIsNoBatchSaysWhy(Row row) throws IOException {
    assertThat(BatchDecoder.decode(packed(row.packing())))
        .isInstanceOfSatisfying(
            Malformed.class, found -> assertThat(found.problem()).startsWith(row.says()));
  }

  @Test
  void nestingIsNotFollowed() throws IOException {
    int deep = 100_000;
    var payload =
        packed(
            batch(packer -> {
              packer.packArrayHeader(2).packString("Later");
              for (int i = 0; i < deep; i++) {
                packer.packArrayHeader(1);
              }
              packer.packInt(1);
            }));

    assertThat(said(payload)).isEqualTo("rank 0 at 1.0 skipped 1: ");
  }

  /** Whatever a byte becomes, and wherever a payload ends, nothing is thrown. */
  @ParameterizedTest
  @MethodSource("golden")
  void damageIsFoundOrHarmless(Golden row) {
    var whole = HexFormat.of().parseHex(row.hex());
    for (int length = 0; length < whole.length; length++) {
      assertThat(BatchDecoder.decode(Arrays.copyOf(whole, length))).isInstanceOf(Malformed.class);
    }
    var random = new SplittableRandom(whole.length);
    for (int i = 0; i < 20_000; i++) {
      var damaged = whole.clone();
      for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      assertThat(BatchDecoder.decode(damaged)).isNotNull();
    }
  }
}
