package io.signalbox.host.kvevents;

import io.signalbox.host.kvevents.KvEvent.AllBlocksCleared;
import io.signalbox.host.kvevents.KvEvent.BlockRemoved;
import io.signalbox.host.kvevents.KvEvent.BlockStored;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HexFormat;
import java.util.Locale;

/** A batch as the event bus carries it. Hashes are texts, since numbers of JSON have 53 bits. */
final class KvRecord {
  private static final HexFormat HEX = HexFormat.of();

  private KvRecord() {}

  static JsonObject of(Origin origin, long number, KvBatch batch) {
    var events = new JsonArray();
    batch.events().forEach(event -> events.add(event(event)));
    return new JsonObject()
        .put("v", 1)
        .put("endpoint", origin.address())
        .put("rank", origin.rank())
        .put("sequence", number)
        .put("at", Double.isFinite(batch.at()) ? Math.round(batch.at() * 1000) : null)
        .put("events", events);
  }

  private static JsonObject event(KvEvent event) {
    return switch (event) {
      case AllBlocksCleared _ -> new JsonObject().put("type", "cleared");
      case BlockRemoved removed ->
          new JsonObject()
              .put("type", "removed")
              .put("hashes", hashes(removed.hashes()))
              .put("tier", removed.tier().name().toLowerCase(Locale.ROOT));
      case BlockStored stored -> stored(stored);
    };
  }

  private static JsonObject stored(BlockStored stored) {
    var run = stored.run();
    var tokens = new JsonArray();
    for (int token : run.tokens()) {
      tokens.add(token);
    }
    return new JsonObject()
        .put("type", "stored")
        .put("hashes", hashes(run.hashes()))
        .put("parent", run.parent().isPresent() ? HEX.toHexDigits(run.parent().getAsLong()) : null)
        .put("tokens", tokens)
        .put("blockTokens", run.blockTokens())
        .put("tier", run.tier().name().toLowerCase(Locale.ROOT))
        .put("adapter", stored.adapter().isEmpty() ? null : stored.adapter());
  }

  private static JsonArray hashes(long[] hashes) {
    var texts = new JsonArray();
    for (long hash : hashes) {
      texts.add(HEX.toHexDigits(hash));
    }
    return texts;
  }
}
