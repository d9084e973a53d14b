package io.signalbox.host.kvevents;

import io.signalbox.host.kvevents.PayloadReader.Opaque;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What besides tokens an engine hashed into its blocks: images, a salt, the name of the adapter. A
 * prompt of tokens alone must not match a block with an image in it, though their tokens are equal.
 */
final class ExtraKeys {
  static final ExtraKeys NONE = new ExtraKeys(List.of());

  private static final long MULTIPLIER = 0x9e3779b97f4a7c15L;

  /** One list for each block. */
  private final List<List<Opaque>> blocks;

  private ExtraKeys(List<List<Opaque>> blocks) {
    this.blocks = blocks;
  }

  static ExtraKeys read(PayloadReader reader) throws IOException {
    if (reader.skipNil()) {
      return NONE;
    }
    int count = reader.arrayLength("extra_keys");
    var blocks = new ArrayList<List<Opaque>>(count);
    for (int i = 0; i < count; i++) {
      blocks.add(keys(reader));
    }
    return new ExtraKeys(blocks);
  }

  private static List<Opaque> keys(PayloadReader reader) throws IOException {
    if (reader.skipNil()) {
      return List.of();
    }
    int count = reader.arrayLength("the extra_keys of a block");
    var keys = new ArrayList<Opaque>(count);
    for (int i = 0; i < count; i++) {
      keys.add(reader.opaque());
    }
    return keys;
  }

  /**
   * One hash for each block, 0 where nothing but the adapter is in its keys: adapters have prefixes
   * of their own anyway.
   */
  long[] ofBlocks(int count, String adapter) {
    var extras = new long[count];
    for (int i = 0; i < Math.min(count, blocks.size()); i++) {
      for (var key : blocks.get(i)) {
        if (adapter.isEmpty() || !key.text().equals(Optional.of(adapter))) {
          extras[i] = extras[i] * MULTIPLIER + key.hash();
        }
      }
    }
    return extras;
  }
}
