package io.signalbox.host.kvevents;

import io.signalbox.host.kvevents.KvEvent.BlockStored;
import io.signalbox.host.prefix.CacheTier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

/** Writes stored blocks as vLLM does, in arrays. */
final class BatchEncoder {
  private static final String DEVICE = "GPU";
  private static final String LOWER = "CPU";

  /** Fields of an event, its tag among them; what is behind them is at its default. */
  private static final int FIELDS = 10;

  private BatchEncoder() {}

  static byte[] encode(int rank, double at, List<BlockStored> events) {
    try (var packer = MessagePack.newDefaultBufferPacker()) {
      packer.packArrayHeader(3).packDouble(at).packArrayHeader(events.size());
      for (var event : events) {
        pack(event, packer);
      }
      packer.packInt(rank);
      return packer.toByteArray();
    } catch (IOException e) {
      // It writes to memory.
      throw new UncheckedIOException(e);
    }
  }

  private static void pack(BlockStored event, MessageBufferPacker packer) throws IOException {
    var run = event.run();
    packer.packArrayHeader(FIELDS).packString("BlockStored").packArrayHeader(run.size());
    for (long hash : run.hashes()) {
      packer.packLong(hash);
    }
    if (run.parent().isPresent()) {
      packer.packLong(run.parent().getAsLong());
    } else {
      packer.packNil();
    }
    packer.packArrayHeader(run.tokens().length);
    for (int token : run.tokens()) {
      packer.packInt(token);
    }
    packer.packInt(run.blockTokens()).packNil();
    packer.packString(run.tier() == CacheTier.DEVICE ? DEVICE : LOWER);
    if (event.adapter().isEmpty()) {
      packer.packNil();
    } else {
      packer.packString(event.adapter());
    }
    packExtras(run.extras(), packer);
    packer.packInt(event.group());
  }

  /**
   * Hashes of what engines call extra keys are extra keys too: other than none, and than others.
   */
  private static void packExtras(long[] extras, MessageBufferPacker packer) throws IOException {
    packer.packArrayHeader(extras.length);
    for (long extra : extras) {
      if (extra == 0) {
        packer.packNil();
      } else {
        packer.packArrayHeader(1).packLong(extra);
      }
    }
  }
}
