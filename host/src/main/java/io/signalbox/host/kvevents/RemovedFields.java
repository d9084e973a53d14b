package io.signalbox.host.kvevents;

import io.signalbox.host.kvevents.KvEvent.BlockRemoved;
import io.signalbox.host.prefix.CacheTier;
import java.io.IOException;
import java.util.List;

/** Reads the fields of one removed event. */
final class RemovedFields {
  private static final List<String> NAMES = List.of("block_hashes", "medium", "group_idx");

  private final PayloadReader reader;
  private long[] hashes = new long[0];
  private CacheTier tier = CacheTier.DEVICE;
  private int group;

  private RemovedFields(PayloadReader reader) {
    this.reader = reader;
  }

  static BlockRemoved read(PayloadReader reader, PayloadReader.Shape shape) throws IOException {
    var fields = new RemovedFields(reader);
    reader.rest(shape, NAMES, fields::read);
    return new BlockRemoved(fields.hashes, fields.tier, fields.group);
  }

  private void read(int field) throws IOException {
    switch (field) {
      case 0 -> hashes = reader.hashes("block_hashes");
      case 1 -> tier = Tiers.read(reader);
      case 2 -> group = reader.skipNil() ? 0 : reader.integer("group_idx");
      default -> reader.skip();
    }
  }
}
