package io.signalbox.host.kvevents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.signalbox.fuzzing.FuzzTarget;
import io.signalbox.host.kvevents.Decoded.Malformed;
import io.signalbox.host.kvevents.Decoded.Read;
import io.signalbox.host.kvevents.KvEvent.AllBlocksCleared;
import io.signalbox.host.kvevents.KvEvent.BlockRemoved;
import io.signalbox.host.kvevents.KvEvent.BlockStored;
import io.signalbox.host.prefix.CacheTier;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.value.Value;

/** Batches of KV events, beside what the library's tree of them says. */
public final class BatchTarget implements FuzzTarget {
  private static final List<String> BATCH = List.of("ts", "events", "data_parallel_rank");
  private static final List<String> STORED =
      List.of(
          "block_hashes",
          "parent_block_hash",
          "token_ids",
          "block_size",
          "lora_id",
          "medium",
          "lora_name",
          "extra_keys",
          "group_idx",
          "kv_cache_spec_kind");
  private static final List<String> REMOVED = List.of("block_hashes", "medium", "group_idx");
  private static final Set<String> DEVICES = Set.of("", "gpu", "hbm", "tpu", "npu", "xpu", "hpu");

  @Override
  public void check(byte[] payload) {
    if (!isWhole(payload)) {
      assertThat(BatchDecoder.decode(payload)).isInstanceOf(Malformed.class);
      return;
    }
    Value tree;
    try (var unpacker = MessagePack.newDefaultUnpacker(payload)) {
      tree = unpacker.unpackValue();
    } catch (IOException | MessagePackException e) {
      // The library has opinions on times, which are in no batch.
      return;
    }
    switch (BatchDecoder.decode(payload)) {
      case Read(var batch) -> {
        assertThat(words(batch)).isEqualTo(new Tree().words(tree));
        checkWritten(batch);
      }
      case Malformed(var problem) -> {
        assertThat(problem).isNotBlank();
        assertThatExceptionOfType(NoBatch.class)
            .as(problem)
            .isThrownBy(() -> new Tree().words(tree));
      }
    }
  }

  /**
   * Whether this is one value, so that room can be made for what its lengths say. The library's own
   * way to skip loses count in maps of a billion entries.
   */
  private static boolean isWhole(byte[] payload) {
    try (var unpacker = MessagePack.newDefaultUnpacker(payload)) {
      for (long values = 1; values > 0; values--) {
        int inside =
            switch (unpacker.getNextFormat().getValueType()) {
              case ARRAY -> unpacker.unpackArrayHeader();
              case MAP -> Math.multiplyExact(2, unpacker.unpackMapHeader());
              default -> {
                unpacker.skipValue();
                yield 0;
              }
            };
        if (inside > payload.length) {
          return false;
        }
        values += inside;
      }
      return unpacker.getTotalReadBytes() == payload.length;
    } catch (IOException | MessagePackException | ArithmeticException e) {
      return false;
    }
  }

  /** Blocks that are stored can be told on, and are heard as they were. */
  private static void checkWritten(KvBatch batch) {
    var stored = new ArrayList<BlockStored>();
    for (var event : batch.events()) {
      if (event instanceof BlockStored blocks && isTold(blocks)) {
        stored.add(blocks);
      }
    }
    var told = BatchDecoder.decode(BatchEncoder.encode(batch.rank(), batch.at(), stored));
    assertThat(told)
        .isInstanceOfSatisfying(
            Read.class,
            read ->
                assertThat(words(read.batch()))
                    .isEqualTo(
                        words(new KvBatch(batch.rank(), batch.at(), List.copyOf(stored), 0))));
  }

  /**
   * Only caches that keep every block of a prefix are told of: the first group is taken for one.
   */
  private static boolean isTold(BlockStored blocks) {
    return blocks.whole() == (blocks.group() == 0);
  }

  private static String words(KvBatch batch) {
    return batch.rank()
        + " at "
        + batch.at()
        + " skipped "
        + batch.skipped()
        + batch.events().stream().map(BatchTarget::words).toList();
  }

  private static String words(KvEvent event) {
    return switch (event) {
      case AllBlocksCleared() -> "cleared";
      case BlockRemoved removed ->
          removed(toList(removed.hashes()), removed.tier(), removed.group());
      case BlockStored(var run, var adapter, int group, boolean whole) ->
          stored(
              toList(run.hashes()),
              run.parent().isPresent() ? "" + run.parent().getAsLong() : "none",
              Arrays.stream(run.tokens()).boxed().toList(),
              run.tier(),
              adapter,
              group,
              whole,
              Arrays.stream(run.extras()).mapToObj(extra -> extra != 0).toList());
    };
  }

  private static List<Long> toList(long[] hashes) {
    return Arrays.stream(hashes).boxed().toList();
  }

  private static String removed(List<Long> hashes, CacheTier tier, int group) {
    return "removed " + hashes + " of " + tier + " group " + group;
  }

  private static String stored(Object... parts) {
    return "stored " + List.of(parts);
  }

  /** The tree is none of a batch. */
  private static final class NoBatch extends RuntimeException {
    private static final long serialVersionUID = 1;

    NoBatch() {
      super(null, null, false, false);
    }
  }

  /** Reads the library's tree of a batch. */
  private static final class Tree {
    private static final int MAX_BLOCK_TOKENS = 65_536;
    private static final int MAX_RANK = 65_535;

    private final List<String> events = new ArrayList<>();
    private double at = Double.NaN;
    private int rank;
    private int skipped;
    private boolean hasEvents;

    String words(Value batch) {
      fields(
          batch,
          0,
          BATCH,
          (name, value) -> {
            switch (name) {
              case "ts" -> at = number(value);
              case "events" -> {
                hasEvents = true;
                list(value).forEach(this::event);
              }
              case "data_parallel_rank" -> rank = value.isNilValue() ? 0 : integer(value);
              default -> {}
            }
          });
      require(hasEvents && rank >= 0 && rank <= MAX_RANK);
      return rank + " at " + at + " skipped " + skipped + events;
    }

    private void event(Value event) {
      switch (tag(event)) {
        case "BlockStored" -> {
          var blocks = new Stored(event);
          if (blocks.hashes.isEmpty()) {
            skipped++;
          } else {
            events.add(blocks.words());
          }
        }
        case "BlockRemoved" -> events.add(new Removed(event).words());
        case "AllBlocksCleared" -> {
          fields(event, 1, List.of(), (name, value) -> {});
          events.add("cleared");
        }
        default -> {
          fields(event, 1, List.of(), (name, value) -> {});
          skipped++;
        }
      }
    }

    private static String tag(Value event) {
      if (event.isArrayValue()) {
        require(event.asArrayValue().size() > 0);
        return text(event.asArrayValue().get(0));
      }
      require(event.isMapValue() && event.asMapValue().size() > 0);
      var pairs = event.asMapValue().getKeyValueArray();
      require(text(pairs[0]).equals("type"));
      return text(pairs[1]);
    }

    /** Values with their names in the order of the text; those behind the known ones have none. */
    private static void fields(
        Value value, int from, List<String> names, BiConsumer<String, Value> reader) {
      if (value.isArrayValue()) {
        var list = value.asArrayValue().list();
        for (int i = from; i < list.size(); i++) {
          reader.accept(i - from < names.size() ? names.get(i - from) : "", list.get(i));
        }
      } else {
        require(value.isMapValue());
        var pairs = value.asMapValue().getKeyValueArray();
        for (int i = 2 * from; i < pairs.length; i += 2) {
          reader.accept(text(pairs[i]), pairs[i + 1]);
        }
      }
    }

    private static void require(boolean holds) {
      if (!holds) {
        throw new NoBatch();
      }
    }

    private static List<Value> list(Value value) {
      require(value.isArrayValue());
      return value.asArrayValue().list();
    }

    private static List<Value> listOrNil(Value value) {
      return value.isNilValue() ? List.of() : list(value);
    }

    private static String text(Value value) {
      require(value.isStringValue());
      return new String(value.asStringValue().asByteArray(), StandardCharsets.UTF_8);
    }

    private static double number(Value value) {
      require(value.isNumberValue());
      return value.isFloatValue()
          ? value.asFloatValue().toDouble()
          : value.asIntegerValue().asBigInteger().doubleValue();
    }

    private static int integer(Value value) {
      require(value.isIntegerValue() && value.asIntegerValue().isInIntRange());
      return value.asIntegerValue().asInt();
    }

    private static long hash(Value value) {
      require(value.isIntegerValue() || value.isBinaryValue());
      return value.isIntegerValue()
          ? value.asIntegerValue().asBigInteger().longValue()
          : new BigInteger(1, value.asBinaryValue().asByteArray()).longValue();
    }

    private static <T> T orIfNil(Value value, T nil, Function<Value, T> other) {
      return value.isNilValue() ? nil : other.apply(value);
    }

    private static CacheTier tier(Value value) {
      var medium = orIfNil(value, "", Tree::text).toLowerCase(Locale.ROOT);
      return DEVICES.contains(medium) ? CacheTier.DEVICE : CacheTier.LOWER;
    }

    private static final class Removed {
      private List<Long> hashes = List.of();
      private CacheTier tier = CacheTier.DEVICE;
      private int group;

      Removed(Value event) {
        fields(event, 1, REMOVED, this::read);
      }

      private void read(String name, Value value) {
        switch (name) {
          case "block_hashes" -> hashes = list(value).stream().map(Tree::hash).toList();
          case "medium" -> tier = tier(value);
          case "group_idx" -> group = orIfNil(value, 0, Tree::integer);
          default -> {}
        }
      }

      String words() {
        return removed(hashes, tier, group);
      }
    }

    private static final class Stored {
      private List<Long> hashes = List.of();
      private String parent = "none";
      private List<Integer> tokens = List.of();
      private int blockTokens;
      private String adapterId = "";
      private CacheTier tier = CacheTier.DEVICE;
      private @Nullable String adapterName;
      private List<List<Value>> extras = List.of();
      private int group;
      private String kind = "";

      Stored(Value event) {
        fields(event, 1, STORED, this::read);
      }

      private void read(String name, Value value) {
        switch (name) {
          case "block_hashes" -> hashes = list(value).stream().map(Tree::hash).toList();
          case "parent_block_hash" -> parent = orIfNil(value, "none", its -> "" + hash(its));
          case "token_ids" -> tokens = list(value).stream().map(Tree::integer).toList();
          case "block_size" -> blockTokens = integer(value);
          case "lora_id" -> adapterId = orIfNil(value, "", its -> "#" + hash(its));
          case "medium" -> tier = tier(value);
          case "lora_name" -> adapterName = value.isNilValue() ? null : text(value);
          case "extra_keys" -> extras = listOrNil(value).stream().map(Tree::listOrNil).toList();
          case "group_idx" -> group = orIfNil(value, 0, Tree::integer);
          case "kv_cache_spec_kind" -> kind = orIfNil(value, "", Tree::text);
          default -> {}
        }
      }

      String words() {
        require(blockTokens >= 1 && blockTokens <= MAX_BLOCK_TOKENS);
        require(tokens.size() == (long) hashes.size() * blockTokens);
        var adapter = adapterName == null ? adapterId : adapterName;
        var special =
            IntStream.range(0, hashes.size())
                .mapToObj(i ->
                    i < extras.size()
                        && extras.get(i).stream().anyMatch(key -> !isName(key, adapter)))
                .toList();
        boolean whole = kind.isEmpty() ? group == 0 : kind.equals("full_attention");
        return stored(hashes, parent, tokens, tier, adapter, group, whole, special);
      }

      /** The name of an adapter among the keys says nothing more. */
      private static boolean isName(Value key, String adapter) {
        return !adapter.isEmpty() && key.isStringValue() && text(key).equals(adapter);
      }
    }
  }
}
