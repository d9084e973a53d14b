package io.signalbox.host.kvevents;

import io.signalbox.host.kvevents.KvEvent.BlockStored;
import io.signalbox.host.prefix.BlockRun;
import io.signalbox.host.prefix.CacheTier;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads the fields of one stored event, in whichever order they come. */
final class StoredFields {
  private static final List<String> NAMES =
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

  private static final String FULL_ATTENTION = "full_attention";
  private static final int MAX_BLOCK_TOKENS = 65_536;

  private final PayloadReader reader;
  private long[] hashes = new long[0];
  private OptionalLong parent = OptionalLong.empty();
  private int[] tokens = new int[0];
  private int blockTokens;
  private CacheTier tier = CacheTier.DEVICE;
  private String adapterId = "";
  private @Nullable String adapterName;
  private ExtraKeys extras = ExtraKeys.NONE;
  private int group;
  private String kind = "";

  private StoredFields(PayloadReader reader) {
    this.reader = reader;
  }

  /** The event, or empty where it is of no block. */
  static Optional<BlockStored> read(PayloadReader reader, PayloadReader.Shape shape)
      throws IOException {
    var fields = new StoredFields(reader);
    reader.rest(shape, NAMES, fields::read);
    return fields.event();
  }

  private void read(int field) throws IOException {
    switch (field) {
      case 0 -> hashes = reader.hashes("block_hashes");
      case 1 ->
          parent =
              reader.skipNil()
                  ? OptionalLong.empty()
                  : OptionalLong.of(reader.hash("parent_block_hash"));
      case 2 -> tokens = reader.integers("token_ids");
      case 3 -> blockTokens = reader.integer("block_size");
      // An adapter that has a number only is the adapter of no model.
      case 4 -> adapterId = reader.skipNil() ? "" : "#" + reader.hash("lora_id");
      case 5 -> tier = Tiers.read(reader);
      case 6 -> adapterName = reader.skipNil() ? null : reader.text("lora_name");
      case 7 -> extras = ExtraKeys.read(reader);
      case 8 -> group = reader.skipNil() ? 0 : reader.integer("group_idx");
      case 9 -> kind = reader.skipNil() ? "" : reader.text("kv_cache_spec_kind");
      default -> reader.skip();
    }
  }

  private Optional<BlockStored> event() {
    if (hashes.length == 0) {
      return Optional.empty();
    }
    if (blockTokens < 1 || blockTokens > MAX_BLOCK_TOKENS) {
      throw new MalformedException("block_size must be from 1 to " + MAX_BLOCK_TOKENS);
    }
    if (tokens.length != (long) hashes.length * blockTokens) {
      throw new MalformedException(
          "%d blocks of %d tokens must have as many token_ids, not %d"
              .formatted(hashes.length, blockTokens, tokens.length));
    }
    var adapter = adapterName == null ? adapterId : adapterName;
    var run = new BlockRun(hashes, parent, tokens, extras.ofBlocks(hashes.length, adapter), tier);
    return Optional.of(new BlockStored(run, adapter, group, isWhole()));
  }

  /** Where no kind is told, the first group is that of full attention. */
  private boolean isWhole() {
    return kind.isEmpty() ? group == 0 : kind.equals(FULL_ATTENTION);
  }
}
