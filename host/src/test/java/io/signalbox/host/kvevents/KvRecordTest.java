package io.signalbox.host.kvevents;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.kvevents.KvEvent.AllBlocksCleared;
import io.signalbox.host.kvevents.KvEvent.BlockRemoved;
import io.signalbox.host.kvevents.KvEvent.BlockStored;
import io.signalbox.host.prefix.BlockRun;
import io.signalbox.host.prefix.CacheTier;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the event bus carries is what {@code docs/event-bus.md} shows. */
class KvRecordTest {
  private static final Path PAGE = Path.of("..", "docs", "event-bus.md");

  private static JsonObject shown() throws IOException {
    var page = Files.readString(PAGE);
    var block =
        Pattern.compile("```json\n(.*?)```", Pattern.DOTALL)
            .matcher(page.substring(page.indexOf("## KV events")));
    assertThat(block.find()).isTrue();
    return new JsonObject(block.group(1));
  }

  @Test
  void aBatchIsAsThePageShowsIt() throws IOException {
    var run =
        new BlockRun(
            new long[] {255},
            OptionalLong.empty(),
            new int[] {1, 2, 3, 4},
            new long[1],
            CacheTier.DEVICE);
    var batch =
        new KvBatch(
            0,
            1_796_000_000.123,
            List.of(
                new BlockStored(run, "", 0, true),
                new BlockRemoved(new long[] {Long.MIN_VALUE + 5}, CacheTier.LOWER, 0),
                new AllBlocksCleared()),
            0);

    var record = KvRecord.of(new Origin("10.0.0.1:8000", 0), 4711, batch);
    assertThat(new JsonObject(record.encode())).isEqualTo(shown());
  }

  @Test
  void whatIsThereIsTold() {
    var run =
        new BlockRun(
            new long[] {1}, OptionalLong.of(-1), new int[] {7}, new long[1], CacheTier.LOWER);
    var batch = new KvBatch(0, Double.NaN, List.of(new BlockStored(run, "ada", 0, true)), 0);

    var record = KvRecord.of(new Origin("10.0.0.1:8000", 3), 0, batch);
    var stored = record.getJsonArray("events").getJsonObject(0);
    assertThat(record.getValue("at")).isNull();
    assertThat(record.getInteger("rank")).isEqualTo(3);
    assertThat(stored.getString("parent")).isEqualTo("ffffffffffffffff");
    assertThat(stored.getString("adapter")).isEqualTo("ada");
    assertThat(stored.getString("tier")).isEqualTo("lower");
  }
}
