package io.signalbox.host.kvevents;

import io.signalbox.host.kvevents.Decoded.Malformed;
import io.signalbox.host.kvevents.Decoded.Read;
import io.signalbox.host.kvevents.KvEvent.AllBlocksCleared;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.msgpack.core.MessagePackException;

/**
 * Reads the batches that vLLM and engines like it publish, in msgpack: {@code [time, [event, …],
 * rank]}, and likewise each event {@code [tag, field, …]}, as vLLM wrote them until lately; or maps
 * with the names of the fields, as it does now. Fields that are absent are at their defaults, those
 * behind the known ones, and events with an unknown tag, are passed over.
 *
 * <p>Stateless. Throws nothing: what does not read is {@link Malformed}.
 */
final class BatchDecoder {
  private static final List<String> FIELDS = List.of("ts", "events", "data_parallel_rank");
  private static final int TIME = 0;
  private static final int EVENTS = 1;
  private static final int RANK = 2;

  private BatchDecoder() {}

  /** What these bytes say. Keeps no reference to them. */
  static Decoded decode(byte[] payload) {
    try (var reader = new PayloadReader(payload)) {
      return new Read(batch(reader));
    } catch (MalformedException | IOException e) {
      return new Malformed(String.valueOf(e.getMessage()));
    } catch (MessagePackException e) {
      return new Malformed("not msgpack, or cut short: " + e.getMessage());
    }
  }

  private static KvBatch batch(PayloadReader reader) throws IOException {
    var batch = new Draft();
    reader.fields(
        "the batch",
        FIELDS,
        field -> {
          switch (field) {
            case TIME -> batch.at = reader.number("ts");
            case EVENTS -> events(reader, batch);
            case RANK -> batch.rank = reader.rank();
            default -> reader.skip();
          }
        });
    reader.end();
    if (!batch.hasEvents) {
      throw new MalformedException("a batch without events");
    }
    return new KvBatch(batch.rank, batch.at, batch.events, batch.skipped);
  }

  private static void events(PayloadReader reader, Draft batch) throws IOException {
    batch.hasEvents = true;
    int count = reader.arrayLength("events");
    for (int i = 0; i < count; i++) {
      event(reader, batch);
    }
  }

  private static void event(PayloadReader reader, Draft batch) throws IOException {
    var shape = reader.beginEvent();
    switch (shape.tag()) {
      case "BlockStored" -> {
        var stored = StoredFields.read(reader, shape);
        if (stored.isPresent()) {
          batch.events.add(stored.get());
        } else {
          batch.skipped++;
        }
      }
      case "BlockRemoved" -> batch.events.add(RemovedFields.read(reader, shape));
      case "AllBlocksCleared" -> {
        reader.skipRest(shape);
        batch.events.add(new AllBlocksCleared());
      }
      default -> {
        reader.skipRest(shape);
        batch.skipped++;
      }
    }
  }

  /** A batch as far as it was read. */
  private static final class Draft {
    private final List<KvEvent> events = new ArrayList<>();
    private double at = Double.NaN;
    private int rank;
    private int skipped;
    private boolean hasEvents;
  }
}
