package io.signalbox.host.kvevents;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.signalbox.host.config.ConfigProblems;
import io.signalbox.host.config.ConfigReader;
import io.signalbox.host.config.KvSource;
import io.signalbox.host.endpoint.EndpointRegistry;
import io.signalbox.host.kvevents.Feed.Reception;
import io.signalbox.host.kvevents.KafkaRecords.Chunk;
import io.signalbox.host.kvevents.KafkaRecords.Payload;
import io.signalbox.host.kvevents.KafkaRecords.Told;
import io.signalbox.host.kvevents.KvEvent.BlockStored;
import io.signalbox.host.prefix.BlockRun;
import io.signalbox.host.prefix.CacheTier;
import io.signalbox.host.prefix.Knowledge;
import io.signalbox.host.prefix.PrefixIndexes;
import io.signalbox.host.telemetry.KvMetrics;
import io.signalbox.host.telemetry.PrefixMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Numbers of batches, and what a feed makes of them; blocks have one token, block n is called n.
 */
class FeedTest {
  private static final Origin ORIGIN = new Origin("10.0.0.1:8000", 0);

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final PrefixIndexes prefixes =
      new PrefixIndexes(new PrefixMetrics(meters), new SplittableRandom(1));
  private final List<String> heard = new ArrayList<>();
  private final KvFeeds feeds = feeds();
  private Feed feed = new Feed(ORIGIN, new KvMetrics(meters), at -> List.of(), new Unwatched());

  private static final class Unwatched implements Feed.Watch {
    @Override
    public void knows() {}

    @Override
    public void forgot(Feed feed) {}
  }

  private KvFeeds feeds() {
    return new KvFeeds(
        prefixes,
        new KvMetrics(meters),
        new KvFeeds.Listener() {
          @Override
          public void taken(Feed from, long number, byte[] payload, KvBatch batch) {
            heard.add("" + number);
          }

          @Override
          public void forgotten(Feed from) {
            heard.add("forgotten");
          }
        });
  }

  @BeforeEach
  void begin() {
    use("models: [{name: base, endpoints: [10.0.0.1]}, {name: ada, endpoints: [10.0.0.1]}]");
  }

  private void use(String models) {
    var configuration =
        ConfigReader.read(models + "\nzeromq: {enabled: true}", Optional::of, new ConfigProblems());
    var fleet = new EndpointRegistry().apply(configuration.models());
    prefixes.apply(configuration.prefixIndex(), fleet);
    feeds.apply(configuration, fleet);
    feed = feeds.feed(KvSource.ZEROMQ, ORIGIN).orElseThrow();
    feed.follow(feeds.world().version());
  }

  private static BlockStored stored(String adapter, int... blocks) {
    return new BlockStored(
        new BlockRun(
            Arrays.stream(blocks).asLongStream().toArray(),
            blocks[0] == 0 ? OptionalLong.empty() : OptionalLong.of(blocks[0] - 1),
            blocks,
            new long[blocks.length],
            CacheTier.DEVICE),
        adapter,
        0,
        true);
  }

  private static byte[] batch(double at, int... blocks) {
    return BatchEncoder.encode(0, at, List.of(stored("", blocks)));
  }

  private Reception receive(long number, double at, int... blocks) {
    return feeds.receive(feed, number, batch(at, blocks));
  }

  private double blocks() {
    return meters.get("signalbox.kv.blocks").gauge().value();
  }

  private double meter(String name, String outcome) {
    return meters.get(name).tag("outcome", outcome).counter().count();
  }

  @Test
  void batchesAreTakenInTheirOrder() {
    assertThat(receive(0, 1, 0)).isEqualTo(Reception.TAKEN);
    assertThat(receive(1, 2, 1)).isEqualTo(Reception.TAKEN);
    assertThat(receive(1, 2, 1)).isEqualTo(Reception.DUPLICATE);
    assertThat(receive(3, 4, 3)).isEqualTo(Reception.GAP);
    assertThat(receive(2, 3, 2)).isEqualTo(Reception.TAKEN);
    assertThat(receive(3, 4, 3)).isEqualTo(Reception.TAKEN);

    assertThat(feed.knowledge()).isEqualTo(Knowledge.ALL);
    assertThat(heard).containsExactly("0", "1", "2", "3");
    // Both models may have them, as long as none is known to be an adapter.
    assertThat(blocks()).isEqualTo(8);
  }

  @Test
  void whoBeginsInTheMiddleKnowsAPart() {
    assertThat(receive(7, 1, 1)).isEqualTo(Reception.TAKEN);
    assertThat(feed.knowledge()).isEqualTo(Knowledge.PART);
    assertThat(blocks()).isZero();
    assertThat(meter("signalbox.kv.event.blocks", "orphaned")).isEqualTo(2);
  }

  @Test
  void anEngineThatBeginsAnewHasNothing() {
    receive(0, 1, 0);
    receive(1, 2, 1);
    assertThat(receive(0, 100, 0)).isEqualTo(Reception.TAKEN);
    assertThat(blocks()).isEqualTo(2);
    assertThat(feed.knowledge()).isEqualTo(Knowledge.ALL);

    receive(1, 101, 1);
    // What the engine before it told is older by far, whatever its number.
    assertThat(receive(2, 3, 2)).isEqualTo(Reception.DUPLICATE);
    assertThat(receive(9, 3, 9)).isEqualTo(Reception.DUPLICATE);
    assertThat(receive(1, 200, 1)).isEqualTo(Reception.RESTARTED);
    assertThat(feed.next()).isEqualTo(Feed.UNKNOWN);
    assertThat(heard).containsExactly("0", "1", "forgotten", "0", "1", "forgotten");
  }

  @Test
  void whatIsLostIsForgotten() {
    receive(0, 1, 0);
    feed.lose();
    assertThat(blocks()).isZero();
    assertThat(feed.knowledge()).isEqualTo(Knowledge.NOTHING);
    assertThat(feeds.isPartlyHeard("base")).isTrue();
    assertThat(receive(5, 6, 0)).isEqualTo(Reception.TAKEN);
    assertThat(feed.knowledge()).isEqualTo(Knowledge.PART);
    assertThat(feeds.isPartlyHeard("base")).isFalse();
  }

  @Test
  void whatCannotBeReadIsPassedOverOnce() {
    receive(0, 1, 0);
    assertThat(feeds.receive(feed, 2, new byte[] {1})).isEqualTo(Reception.GAP);
    assertThat(feeds.receive(feed, 1, new byte[] {1})).isEqualTo(Reception.TAKEN);
    assertThat(feeds.receive(feed, 1, new byte[] {1})).isEqualTo(Reception.DUPLICATE);
    assertThat(receive(2, 3, 1)).isEqualTo(Reception.TAKEN);
    assertThat(meter("signalbox.kv.batches", "malformed")).isEqualTo(1);
    assertThat(feed.knowledge()).isEqualTo(Knowledge.PART);
    assertThat(blocks()).isEqualTo(4);
  }

  @Test
  void anAdapterHasBlocksOfItsOwn() {
    receive(0, 1, 0);
    assertThat(blocks()).isEqualTo(2);
    var ofAda = BatchEncoder.encode(0, 2, List.of(stored("ada", 0, 1)));
    assertThat(feeds.receive(feed, 1, ofAda)).isEqualTo(Reception.TAKEN);
    // Now it is known that the second model is an adapter, so what the base has is not its own.
    assertThat(blocks()).isEqualTo(3);
    receive(2, 3, 1);
    assertThat(blocks()).isEqualTo(4);
    var ofAnother = BatchEncoder.encode(0, 4, List.of(stored("eve", 0, 1)));
    assertThat(feeds.receive(feed, 3, ofAnother)).isEqualTo(Reception.TAKEN);
    assertThat(blocks()).isEqualTo(4);
    assertThat(meter("signalbox.kv.event.blocks", "skipped")).isEqualTo(2);
  }

  @Test
  void ofTheCachesOfAHybridModelOneCounts() {
    var window = new BlockStored(stored("", 0).run(), "", 0, false);
    var whole = new BlockStored(stored("", 0, 1).run(), "", 1, true);
    feed.take(0, new KvBatch(0, 1, List.of(window, whole), 0));
    assertThat(blocks()).isEqualTo(4);
    var ofWindow = new KvEvent.BlockRemoved(new long[] {0, 1}, CacheTier.DEVICE, 0);
    feed.take(1, new KvBatch(0, 2, List.of(ofWindow), 0));
    assertThat(blocks()).isEqualTo(4);
    var ofWhole = new KvEvent.BlockRemoved(new long[] {1}, CacheTier.DEVICE, 1);
    feed.take(2, new KvBatch(0, 3, List.of(ofWhole), 0));
    assertThat(blocks()).isEqualTo(2);
  }

  @Test
  void aChangeOfTheFleetIsFollowed() {
    receive(0, 1, 0);
    use("models: [{name: base, endpoints: [10.0.0.1]}]");
    assertThat(feed.next()).isEqualTo(1);
    assertThat(blocks()).isEqualTo(1);

    use("prefix-index: {event-blocks: 2048}\nmodels: [{name: base, endpoints: [10.0.0.1]}]");
    assertThat(blocks()).isZero();
    assertThat(feeds.feed(KvSource.ZEROMQ, new Origin("10.0.0.9:8000", 0))).isEmpty();
  }

  // Kafka

  private static Chunk chunk(long number, double at, int chunk, int chunks, int... blocks) {
    return new Chunk(ORIGIN, number, chunk, chunks, new Payload(batch(at, blocks)));
  }

  private static Payload payload(double at, int... blocks) {
    return new Payload(batch(at, blocks));
  }

  @Test
  void aSnapshotIsWholeWithItsLastPart() {
    var kafka = new KafkaFeed(feed, feeds, 0);
    kafka.chunk(chunk(9, 10, 0, 2, 0, 1));
    assertThat(feed.knowledge()).isEqualTo(Knowledge.NOTHING);
    // A part of an older one that is still there.
    kafka.chunk(chunk(8, 9, 1, 2, 2));
    assertThat(feed.knowledge()).isEqualTo(Knowledge.NOTHING);
    kafka.chunk(chunk(9, 10, 1, 2, 2));
    assertThat(feed.knowledge()).isEqualTo(Knowledge.ALL);
    assertThat(blocks()).isEqualTo(6);

    kafka.batch(9, payload(10, 2), 0);
    kafka.batch(10, payload(11, 3), 0);
    assertThat(blocks()).isEqualTo(8);
    assertThat(feed.knowledge()).isEqualTo(Knowledge.ALL);
  }

  @Test
  void aGapIsHealedByTheNextSnapshot() {
    var kafka = new KafkaFeed(feed, feeds, 0);
    kafka.batch(0, payload(1, 0), 0);
    kafka.batch(5, payload(6, 5), 0);
    assertThat(kafka.needsSnapshot()).isTrue();
    assertThat(feed.knowledge()).isEqualTo(Knowledge.PART);
    kafka.batch(6, payload(7, 6), 0);
    kafka.batch(7, payload(8, 7), 0);

    // It has no word of what came since it was made; that is told again.
    kafka.chunk(chunk(6, 7, 0, 1, 0, 1, 2, 3, 4, 5, 6));
    assertThat(feed.knowledge()).isEqualTo(Knowledge.ALL);
    assertThat(feed.next()).isEqualTo(8);
    assertThat(blocks()).isEqualTo(16);
    assertThat(kafka.needsSnapshot()).isFalse();
  }

  @Test
  void aSnapshotOfAnEngineBeforeIsNoSnapshot() {
    var kafka = new KafkaFeed(feed, feeds, 0);
    kafka.batch(3, payload(1000, 0), 0);
    kafka.chunk(chunk(500, 10, 0, 1, 0, 1));
    kafka.chunk(chunk(3, 10, 0, 1, 0, 1));
    assertThat(feed.knowledge()).isEqualTo(Knowledge.PART);
    assertThat(feed.next()).isEqualTo(4);
  }

  @Test
  void whoIsSilentIsNotHeard() {
    var kafka = new KafkaFeed(feed, feeds, 0);
    long second = Duration.ofSeconds(1).toNanos();
    kafka.batch(0, payload(1, 0), second);
    kafka.look(16 * second);
    assertThat(feed.knowledge()).isEqualTo(Knowledge.ALL);
    kafka.look(17 * second);
    assertThat(feed.knowledge()).isEqualTo(Knowledge.NOTHING);
    kafka.alive(new Told.Alive(ORIGIN, 0, 2), 18 * second);
    assertThat(feed.knowledge()).isEqualTo(Knowledge.ALL);
    assertThat(blocks()).isEqualTo(2);

    // It is further than what came.
    kafka.alive(new Told.Alive(ORIGIN, 1, 3), 19 * second);
    assertThat(feed.knowledge()).isEqualTo(Knowledge.NOTHING);
    assertThat(kafka.needsSnapshot()).isTrue();
    kafka.forgotten(new Told.Forgotten(ORIGIN, 4), 20 * second);
    assertThat(feed.next()).isEqualTo(Feed.UNKNOWN);
    kafka.alive(new Told.Alive(ORIGIN, Feed.UNKNOWN, 5), 21 * second);
    assertThat(feed.knowledge()).isEqualTo(Knowledge.ALL);
  }

  @Test
  void whatWasForgottenDoesNotComeBack() {
    var kafka = new KafkaFeed(feed, feeds, 0);
    kafka.chunk(chunk(9, 10, 0, 1, 0, 1));
    assertThat(feed.knowledge()).isEqualTo(Knowledge.ALL);
    // Read again, from before: they are of the time before the snapshot.
    kafka.alive(new Told.Alive(ORIGIN, 500, 9), 0);
    kafka.forgotten(new Told.Forgotten(ORIGIN, 9), 0);
    assertThat(feed.knowledge()).isEqualTo(Knowledge.ALL);

    kafka.forgotten(new Told.Forgotten(ORIGIN, 11), 0);
    kafka.chunk(chunk(9, 10, 0, 1, 0, 1));
    assertThat(feed.knowledge()).isEqualTo(Knowledge.NOTHING);
    kafka.chunk(chunk(2, 12, 0, 1, 0));
    assertThat(feed.knowledge()).isEqualTo(Knowledge.ALL);

    // Nor does what was there before something was lost.
    kafka.batch(7, payload(17, 5), 0);
    kafka.chunk(chunk(2, 12, 0, 1, 0));
    assertThat(feed.knowledge()).isEqualTo(Knowledge.PART);
    assertThat(kafka.needsSnapshot()).isTrue();
    kafka.chunk(chunk(7, 17, 0, 1, 0, 1));
    assertThat(feed.knowledge()).isEqualTo(Knowledge.ALL);
    assertThat(kafka.needsSnapshot()).isFalse();
  }

  @Test
  void aBridgeTellsAllAgain() {
    var cache = new BridgedCache();
    cache.taken(4, new KvBatch(0, 5, List.of(stored("", 0, 1), stored("", 0)), 0), true);
    cache.taken(
        5,
        new KvBatch(
            0, 6, List.of(new KvEvent.BlockRemoved(new long[] {1}, CacheTier.DEVICE, 0)), 0),
        true);

    var all = cache.changed().orElseThrow();
    assertThat(all).hasSize(2).allSatisfy(one -> assertThat(one.run().hashes()).containsExactly(0));
    assertThat(cache.changed()).isEmpty();
    cache.isDue();
    assertThat(cache.changed()).isPresent();
    cache.taken(9, new KvBatch(0, 7, List.of(), 0), false);
    assertThat(cache.changed()).isEmpty();
  }
}
