package io.signalbox.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

/** Writes batches of events in msgpack, as vLLM does in 2026. */
final class KvBatches {
  private static final String DEVICE = "GPU";

  private KvBatches() {}

  /**
   * A batch.
   *
   * @param atSeconds since 1970
   */
  static byte[] encode(double atSeconds, List<KvEvent> events) {
    try (var packer = MessagePack.newDefaultBufferPacker()) {
      var runs = runs(events);
      packer.packMapHeader(3).packString("ts").packDouble(atSeconds);
      packer.packString("events").packArrayHeader(runs.size());
      for (var run : runs) {
        pack(run, packer);
      }
      packer.packString("data_parallel_rank").packInt(0);
      return packer.toByteArray();
    } catch (IOException e) {
      // It writes to memory.
      throw new UncheckedIOException(e);
    }
  }

  /** Events, blocks that follow each other as one. */
  private static List<List<KvEvent>> runs(List<KvEvent> events) {
    var runs = new ArrayList<List<KvEvent>>();
    for (var event : events) {
      if (!runs.isEmpty() && follows(runs.getLast().getLast(), event)) {
        runs.getLast().add(event);
      } else {
        runs.add(new ArrayList<>(List.of(event)));
      }
    }
    return runs;
  }

  private static boolean follows(KvEvent before, KvEvent event) {
    return before instanceof KvEvent.Stored(var first)
        && event instanceof KvEvent.Stored(var second)
        && second.parent() != null
        && second.parent() == first.hash()
        && second.adapter().equals(first.adapter());
  }

  private static void pack(List<KvEvent> run, MessageBufferPacker packer) throws IOException {
    switch (run.getFirst()) {
      case KvEvent.Cleared _ ->
          packer.packMapHeader(1).packString("type").packString("AllBlocksCleared");
      case KvEvent.Removed(long hash) -> {
        packer.packMapHeader(3).packString("type").packString("BlockRemoved");
        packer.packString("block_hashes").packArrayHeader(1).packLong(hash);
        packer.packString("medium").packString(DEVICE);
      }
      case KvEvent.Stored _ ->
          packStored(run.stream().map(event -> ((KvEvent.Stored) event).block()).toList(), packer);
    }
  }

  private static void packStored(List<StoredBlock> blocks, MessageBufferPacker packer)
      throws IOException {
    var first = blocks.getFirst();
    packer.packMapHeader(8).packString("type").packString("BlockStored");
    packer.packString("block_hashes").packArrayHeader(blocks.size());
    for (var block : blocks) {
      packer.packLong(block.hash());
    }
    packer.packString("parent_block_hash");
    var parent = first.parent();
    if (parent == null) {
      packer.packNil();
    } else {
      packer.packLong(parent);
    }
    packer.packString("token_ids").packArrayHeader(blocks.size() * first.tokens().length);
    for (var block : blocks) {
      for (int token : block.tokens()) {
        packer.packInt(token);
      }
    }
    packer.packString("block_size").packInt(first.tokens().length);
    packer.packString("lora_id").packNil();
    packer.packString("medium").packString(DEVICE);
    packer.packString("lora_name");
    if (first.adapter().isEmpty()) {
      packer.packNil();
    } else {
      packer.packString(first.adapter());
    }
  }
}
