package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

/** A publisher that is not ours, and everything that can go wrong on the way from it. */
@ExtendWith(BlockedLoops.class)
final class KvPyZmqIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int BLOCK_TOKENS = 4;

  private Engines engines;
  private PyZmq publisher;
  private RunningHost host;

  @BeforeEach
  void start() throws IOException {
    engines = Engines.start(1);
    publisher = PyZmq.start();
    host = start(RunningHost.Ports.free());
  }

  private RunningHost start(RunningHost.Ports ports) {
    return RunningHost.start(
        ports,
        """
        models:
          - name: %s
            endpoints:
              - {address: "%s", labels: {kv-events-port: "%d", kv-replay-port: "%d"}}
        zeromq: {enabled: true}
        """
            .formatted(
                RunningHost.MODEL,
                engines.get(0).address(),
                publisher.port(),
                publisher.replayPort()));
  }

  @AfterEach
  void stop() {
    host.close();
    publisher.close();
    engines.close();
  }

  private static String batch(double at, Events events) throws IOException {
    try (var packer = MessagePack.newDefaultBufferPacker()) {
      packer.packArrayHeader(2).packDouble(at).packArrayHeader(1);
      events.pack(packer);
      return HexFormat.of().formatHex(packer.toByteArray());
    }
  }

  private interface Events {
    void pack(MessageBufferPacker packer) throws IOException;
  }

  /** Block n of the one prompt there is, called n, is there. */
  private static String stored(double at, int block) throws IOException {
    return batch(
        at,
        packer -> {
          packer.packArrayHeader(6).packString("BlockStored").packArrayHeader(1).packInt(block);
          if (block == 0) {
            packer.packNil();
          } else {
            packer.packInt(block - 1);
          }
          packer.packArrayHeader(BLOCK_TOKENS);
          for (int i = 0; i < BLOCK_TOKENS; i++) {
            packer.packInt(block * BLOCK_TOKENS + i);
          }
          packer.packInt(BLOCK_TOKENS).packNil();
        });
  }

  private static String removed(double at, int block) throws IOException {
    return batch(
        at,
        packer ->
            packer.packArrayHeader(2).packString("BlockRemoved").packArrayHeader(1).packInt(block));
  }

  private void awaitBlocks(int blocks) throws Exception {
    Eventually.until(
        SOON,
        () -> meter("signalbox_kv_blocks", "") == blocks,
        () -> blocks + " blocks are not what there is: " + host.admin().get("/metrics").body());
  }

  private double meter(String name, String labels) {
    return host.meter(name, labels);
  }

  @Test
  void eventsArriveWhateverHappens() throws Exception {
    for (int i = 0; i < 3; i++) {
      publisher.tell("send " + stored(i, i));
    }
    awaitBlocks(3);

    // A full queue: it is asked for again.
    publisher.tell("drop " + stored(3, 3));
    publisher.tell("send " + stored(4, 4));
    awaitBlocks(5);
    assertThat(meter("signalbox_kv_gaps_total", "outcome=\"lost\"")).isZero();
    assertThat(meter("signalbox_kv_caches", "known=\"all\"")).isEqualTo(1);

    // Poison: passed over, and what is beside it counts.
    publisher.tell("send c1c1");
    publisher.tell("raw 00");
    publisher.tell("send " + stored(6, 5));
    publisher.tell("send " + removed(7, 5));
    publisher.tell("send " + stored(8, 5));
    awaitBlocks(6);
    assertThat(meter("signalbox_kv_batches_total", "outcome=\"malformed\"")).isEqualTo(2);
    assertThat(meter("signalbox_kv_caches", "known=\"part\"")).isEqualTo(1);

    // What nobody has any more: all is forgotten, and goes on behind the gap.
    publisher.tell("forget");
    publisher.tell("lose " + stored(9, 6));
    publisher.tell("send " + stored(10, 0));
    awaitBlocks(1);
    assertThat(meter("signalbox_kv_gaps_total", "outcome=\"lost\"")).isEqualTo(1);
  }

  @Test
  void anEngineThatBeginsAnewIsFoundOut() throws Exception {
    double now = System.currentTimeMillis() / 1000.0;
    for (int i = 0; i < 3; i++) {
      publisher.tell("send " + stored(now + i, i));
    }
    awaitBlocks(3);
    int port = publisher.port();
    int replayPort = publisher.replayPort();
    publisher.close();
    Eventually.until(
        SOON, () -> meter("signalbox_kv_caches", "known=\"all\"") == 0, "it is not missed");

    publisher = PyZmq.start(port, replayPort);
    publisher.tell("send " + stored(now + 10, 0));
    awaitBlocks(1);
    Eventually.until(
        SOON, () -> meter("signalbox_kv_caches", "known=\"all\"") == 1, "it is not known");
  }

  @Test
  void whatWasToldBeforeIsAskedFor() throws Exception {
    host.close();
    // More than the publisher's second socket takes at a time: its answer has holes.
    for (int i = 0; i < 4000; i++) {
      publisher.tell("send " + stored(i, i));
    }
    host = start(host.ports());
    awaitBlocks(4000);
    assertThat(meter("signalbox_kv_caches", "known=\"all\"")).isEqualTo(1);
    assertThat(meter("signalbox_kv_gaps_total", "outcome=\"lost\"")).isZero();
  }
}
