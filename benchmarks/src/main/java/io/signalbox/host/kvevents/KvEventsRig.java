package io.signalbox.host.kvevents;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.signalbox.host.config.ConfigProblems;
import io.signalbox.host.config.ConfigReader;
import io.signalbox.host.config.KvSource;
import io.signalbox.host.config.PrefixIndexConfig;
import io.signalbox.host.endpoint.EndpointRegistry;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.kvevents.KvEvent.BlockStored;
import io.signalbox.host.prefix.BlockRun;
import io.signalbox.host.prefix.CacheTier;
import io.signalbox.host.prefix.PrefixIndexes;
import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.request.RequestHeaders;
import io.signalbox.host.request.ScanResult.Scanned;
import io.signalbox.host.telemetry.KvMetrics;
import io.signalbox.host.telemetry.PrefixMetrics;
import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.Signal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.msgpack.core.MessagePack;

/**
 * Feeds of engines that do not exist, as a source has them: payloads are decoded, numbers looked
 * at, indexes told. Prompts are conversations of {@value #BLOCKS} blocks with {@value
 * #BLOCK_TOKENS} tokens each.
 */
public final class KvEventsRig {
  /** Blocks of a conversation. */
  public static final int BLOCKS = 2000;

  /** Blocks of a batch. */
  public static final int BATCH = 16;

  private static final int BLOCK_TOKENS = 16;
  private static final String MODEL = "m";

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final PrefixIndexes prefixes =
      new PrefixIndexes(new PrefixMetrics(meters), new SplittableRandom(1));
  private final KvFeeds feeds;
  private final List<Feed> byEndpoint;
  private final All candidates;
  private final double[] tokens;

  private record All(List<RegisteredEndpoint> endpoints) implements Candidates {
    @Override
    public int size() {
      return endpoints.size();
    }

    @Override
    public Endpoint endpoint(int index) {
      return endpoints.get(index);
    }

    @Override
    public double[] column(Signal signal) {
      throw new UnsupportedOperationException();
    }
  }

  private static final class Nobody implements KvFeeds.Listener {
    @Override
    public void taken(Feed feed, long number, byte[] payload, KvBatch batch) {}

    @Override
    public void forgotten(Feed feed) {}
  }

  /**
   * Feeds that have told nothing.
   *
   * @param capacity blocks that they may tell of together
   */
  public KvEventsRig(int endpoints, int capacity) {
    var addresses =
        IntStream.range(0, endpoints)
            .mapToObj(i -> "\"10.0.0." + (i + 1) + "\"")
            .collect(Collectors.joining(", "));
    var yaml =
        "models: [{name: %s, endpoints: [%s]}]\nzeromq: {enabled: true}"
            .formatted(MODEL, addresses);
    var configuration = ConfigReader.read(yaml, Optional::of, new ConfigProblems());
    var fleet = new EndpointRegistry().apply(configuration.models());
    prefixes.apply(new PrefixIndexConfig(1024, capacity, 128, 0), fleet);
    feeds = new KvFeeds(prefixes, new KvMetrics(meters), new Nobody());
    feeds.apply(configuration, fleet);
    byEndpoint =
        fleet.endpoints().stream()
            .map(endpoint ->
                feeds.feed(KvSource.ZEROMQ, new Origin(endpoint.address(), 0)).orElseThrow())
            .toList();
    byEndpoint.forEach(feed -> feed.follow(feeds.world().version()));
    candidates = new All(fleet.endpoints());
    tokens = new double[endpoints];
  }

  /** The batch that tells of some blocks of a conversation. */
  public static byte[] stored(int conversation, int batch) {
    int from = batch * BATCH;
    var run =
        new BlockRun(
            IntStream.range(from, from + BATCH).mapToLong(i -> hash(conversation, i)).toArray(),
            from == 0 ? OptionalLong.empty() : OptionalLong.of(hash(conversation, from - 1)),
            tokens(conversation, from, BATCH),
            new long[BATCH],
            CacheTier.DEVICE);
    return BatchEncoder.encode(0, 1, List.of(new BlockStored(run, "", 0, true)));
  }

  /** The batch that tells that they are gone. */
  public static byte[] removed(int conversation, int batch) {
    try (var packer = MessagePack.newDefaultBufferPacker()) {
      packer.packArrayHeader(2).packDouble(1).packArrayHeader(1);
      packer.packArrayHeader(2).packString("BlockRemoved").packArrayHeader(BATCH);
      for (int i = BATCH - 1; i >= 0; i--) {
        packer.packLong(hash(conversation, batch * BATCH + i));
      }
      return packer.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long hash(int conversation, int block) {
    return ((long) conversation << 32 | block) * 0x9e3779b97f4a7c15L;
  }

  private static int[] tokens(int conversation, int from, int blocks) {
    var ids = new int[blocks * BLOCK_TOKENS];
    Arrays.setAll(ids, i -> (conversation * 31 + from * BLOCK_TOKENS + i) & 0x1ffff);
    ids[0] = from == 0 ? conversation : ids[0];
    return ids;
  }

  /** A request with a whole conversation as its prompt. */
  public static InferenceRequest prompt(int conversation) {
    var request =
        new InferenceRequest(
            new Scanned(MODEL, null, false),
            RequestHeaders.of(Map.of()),
            () ->
                ByteBuffer.wrap(
                    "{\"prompt\": \"x\"}".getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
    request.tokenized(tokens(conversation, 0, BLOCKS));
    return request;
  }

  /** An engine tells something. One thread for each endpoint. */
  public void tell(int endpoint, byte[] payload) {
    var feed = byEndpoint.get(endpoint);
    var reception = feeds.receive(feed, Math.max(0, feed.next()), payload);
    if (reception != Feed.Reception.TAKEN) {
      throw new IllegalStateException("a batch is " + reception);
    }
  }

  /** Looks a prompt up for all endpoints; how much one of them has of it. One thread. */
  public double lookUp(InferenceRequest request, int endpoint) {
    prefixes.cachedTokens(request, candidates, tokens);
    return tokens[endpoint];
  }

  /** Blocks in the index. */
  public double blocks() {
    return meters.get("signalbox.kv.blocks").gauge().value();
  }
}
