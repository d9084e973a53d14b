package io.signalbox.host.kvevents;

import io.signalbox.host.config.Configuration;
import io.signalbox.host.config.KvSource;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.config.ZeroMqConfig;
import io.signalbox.host.endpoint.Fleet;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.kvevents.Decoded.Malformed;
import io.signalbox.host.kvevents.Decoded.Read;
import io.signalbox.host.kvevents.Feed.Reception;
import io.signalbox.host.prefix.Knowledge;
import io.signalbox.host.prefix.PrefixIndexes;
import io.signalbox.host.telemetry.KvMetrics;
import io.signalbox.host.telemetry.KvMetrics.Batch;
import io.signalbox.host.telemetry.Quiet;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The feeds of all engines that tell what they have cached, and the sources they come from. Brings
 * batches to the prefix indexes, and publishes them at {@value #ADDRESS}.
 *
 * <p>{@link #apply}, {@link #start} and {@link #close} are called by one thread at a time, the rest
 * by any.
 */
public final class KvFeeds {
  /** Where batches are published, as records. */
  public static final String ADDRESS = "signalbox.kv-events";

  /** Publishers of one endpoint. */
  static final int MOST_RANKS = 1024;

  private static final Logger LOG = LoggerFactory.getLogger(KvFeeds.class);

  private final PrefixIndexes prefixes;
  private final KvMetrics metrics;
  private final Quiet malformed = new Quiet();
  private final Map<Key, Feed> feeds = new ConcurrentHashMap<>();
  private final Listener listener;
  private final List<Source> sources = new ArrayList<>();
  private volatile World world = World.EMPTY;
  private volatile Set<String> heard = Set.of();
  private volatile Set<String> partlyHeard = Set.of();

  private record Key(KvSource source, Origin origin) {}

  /** Something that events come from, on threads of its own. */
  interface Source {
    void start();

    /** Ends its threads, and waits for them. */
    void close();
  }

  /**
   * Who should be heard.
   *
   * @param version another one for each
   * @param bySource the endpoints that tell by a source, by address
   */
  record World(int version, Map<KvSource, Map<String, List<RegisteredEndpoint>>> bySource) {
    static final World EMPTY = new World(0, Map.of());

    Map<String, List<RegisteredEndpoint>> of(KvSource source) {
      return bySource.getOrDefault(source, Map.of());
    }

    List<RegisteredEndpoint> endpoints() {
      return bySource.values().stream()
          .flatMap(byAddress -> byAddress.values().stream())
          .flatMap(List::stream)
          .toList();
    }
  }

  /** Learns what feeds hear, on their threads, and must not block. */
  interface Listener {
    /** A batch was the next of its feed, and counts. */
    void taken(Feed feed, long number, byte[] payload, KvBatch batch);

    /** A feed begins with nothing again. */
    void forgotten(Feed feed);
  }

  /** No feeds yet; what they hear is published on the event bus. */
  public KvFeeds(Vertx vertx, PrefixIndexes prefixes, KvMetrics metrics) {
    this(
        prefixes,
        metrics,
        new Listener() {
          @Override
          public void taken(Feed feed, long number, byte[] payload, KvBatch batch) {
            vertx.eventBus().publish(ADDRESS, KvRecord.of(feed.origin(), number, batch));
          }

          @Override
          public void forgotten(Feed feed) {}
        });
  }

  /** No feeds yet. */
  KvFeeds(PrefixIndexes prefixes, KvMetrics metrics, Listener listener) {
    this.prefixes = prefixes;
    this.metrics = metrics;
    this.listener = listener;
  }

  /** Hears the engines of this fleet from now on, once the indexes know it. */
  public void apply(Configuration configuration, Fleet fleet) {
    apply(configuration, fleet, configuration::kvSource);
  }

  /** Hears them all from their own publishers, but those of models that want none of it. */
  void hearAllOverZeroMq(Configuration configuration, Fleet fleet) {
    apply(
        configuration,
        fleet,
        model ->
            model.kvEvents().equals(Optional.of(KvSource.OFF)) ? KvSource.OFF : KvSource.ZEROMQ);
  }

  private void apply(
      Configuration configuration, Fleet fleet, Function<ModelConfig, KvSource> source) {
    var sourceOf =
        configuration.models().stream()
            .collect(Collectors.toMap(ModelConfig::name, source, (first, _) -> first));
    var bySource =
        fleet.endpoints().stream()
            .collect(
                Collectors.groupingBy(
                    endpoint -> sourceOf.getOrDefault(endpoint.model(), KvSource.OFF),
                    Collectors.groupingBy(RegisteredEndpoint::address)));
    bySource.remove(KvSource.OFF);
    world = new World(world.version() + 1, Map.copyOf(bySource));
    feeds.keySet().removeIf(key -> !world.of(key.source()).containsKey(key.origin().address()));
    review();
  }

  /** Starts what the configuration says events come from. */
  public void start(Configuration configuration) {
    if (configuration.zeroMq().enabled()) {
      listen(configuration.zeroMq());
    }
    if (configuration.kafka().enabled()) {
      begin(new KafkaSource(configuration.kafka(), this));
    }
  }

  /** Listens to the engines' own publishers. */
  void listen(ZeroMqConfig config) {
    begin(new ZeroMqSource(config, this));
  }

  private void begin(Source source) {
    sources.add(source);
    source.start();
  }

  /** Ends all sources, and waits for them. */
  public void close() {
    sources.forEach(Source::close);
    sources.clear();
  }

  /**
   * Whether of some endpoint of the model that should tell what it has, nothing is known: there
   * decisions go by what was learned.
   */
  public boolean isPartlyHeard(String model) {
    return partlyHeard.contains(model);
  }

  /** Whether engines of the model tell what they have, if all is well. */
  public boolean isHeard(String model) {
    return heard.contains(model);
  }

  // For the sources.

  World world() {
    return world;
  }

  KvMetrics metrics() {
    return metrics;
  }

  /** The feed of a publisher, where anything is served at that endpoint. */
  Optional<Feed> feed(KvSource source, Origin origin) {
    var now = world;
    if (!now.of(source).containsKey(origin.address()) || origin.rank() >= MOST_RANKS) {
      return Optional.empty();
    }
    var feed =
        feeds.computeIfAbsent(
            new Key(source, origin),
            key -> new Feed(origin, metrics, at -> targets(source, at), new Watching()));
    return Optional.of(feed);
  }

  /** Those of a source that there are. */
  List<Feed> feeds(KvSource source) {
    return feeds.entrySet().stream()
        .filter(entry -> entry.getKey().source() == source)
        .map(Map.Entry::getValue)
        .toList();
  }

  private List<Target> targets(KvSource source, Origin origin) {
    return world.of(source).getOrDefault(origin.address(), List.of()).stream()
        .flatMap(endpoint ->
            prefixes.cache(endpoint, origin.rank()).stream()
                .map(cache -> new Target(endpoint.model(), cache)))
        .toList();
  }

  /** Reads a payload; what cannot be read is reported. */
  Optional<KvBatch> read(String from, long number, byte[] payload) {
    return switch (BatchDecoder.decode(payload)) {
      case Read(var batch) -> Optional.of(batch);
      case Malformed(var problem) -> {
        if (malformed.mayTell()) {
          LOG.warn("batch {} of KV events of {} is passed over: {}", number, from, problem);
        }
        yield Optional.empty();
      }
    };
  }

  /** Brings what a publisher sent to its feed; what cannot be read is passed over. */
  Reception receive(Feed feed, long number, byte[] payload) {
    var batch = read(feed.origin().toString(), number, payload);
    if (batch.isEmpty()) {
      return feed.passOver(number);
    }
    var reception = feed.take(number, batch.get());
    if (reception == Reception.TAKEN) {
      listener.taken(feed, number, payload, batch.get());
    }
    return reception;
  }

  private final class Watching implements Feed.Watch {
    @Override
    public void knows() {
      review();
    }

    @Override
    public void forgot(Feed feed) {
      listener.forgotten(feed);
    }
  }

  /** A batch of an endpoint that is not configured. */
  void unknown() {
    metrics.batch(Batch.UNKNOWN);
  }

  /** Something that is no batch at all. */
  void notABatch(String from, String problem) {
    metrics.batch(Batch.MALFORMED);
    if (malformed.mayTell()) {
      LOG.warn("what came from {} is no batch of KV events: {}", from, problem);
    }
  }

  private static Set<String> models(Stream<RegisteredEndpoint> endpoints) {
    return endpoints.map(RegisteredEndpoint::model).collect(Collectors.toUnmodifiableSet());
  }

  /** Looks again whom decisions have to do without. */
  private synchronized void review() {
    var tellers = world.endpoints();
    heard = models(tellers.stream());
    partlyHeard = models(tellers.stream().filter(endpoint -> !prefixes.knows(endpoint)));
    var known = new int[Knowledge.values().length];
    feeds.values().forEach(feed -> known[feed.knowledge().ordinal()]++);
    metrics.caches(known);
  }
}
