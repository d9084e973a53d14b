package io.signalbox.host.kvevents;

import io.signalbox.host.config.KvSource;
import io.signalbox.host.config.ZeroMqConfig;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/**
 * Listens to the engines' own publishers, one for each rank of each endpoint, and to those that
 * connect here where the configuration says so. One thread.
 */
final class ZeroMqSource implements KvFeeds.Source {
  private static final Logger LOG = LoggerFactory.getLogger(ZeroMqSource.class);

  /** How soon changes of the fleet and deadlines are seen; messages wake the thread. */
  private static final Duration LONGEST_POLL = Duration.ofMillis(50);

  /** Sockets that answers come to live too shortly to be waited on. */
  private static final Duration SHORTEST_POLL = Duration.ofMillis(1);

  private final ZeroMqConfig config;
  private final KvFeeds feeds;
  private final Map<Origin, ZmqPublisher> publishers = new HashMap<>();
  private final Thread thread;
  private int version = -1;
  private ZMQ.@Nullable Poller poller;
  private volatile boolean stopped;

  ZeroMqSource(ZeroMqConfig config, KvFeeds feeds) {
    this.config = config;
    this.feeds = feeds;
    this.thread = Thread.ofPlatform().daemon().name("kv-zeromq").unstarted(this::run);
  }

  @Override
  public void start() {
    thread.start();
  }

  private void run() {
    try (var context = new ZContext()) {
      try (var bound = config.bind().isEmpty() ? null : new ZmqBound(config, feeds, context)) {
        while (!stopped) {
          turn(context, bound);
        }
        publishers.values().forEach(ZmqPublisher::close);
      }
    } catch (RuntimeException e) {
      LOG.error("KV events are no longer read from ZeroMQ", e);
    }
  }

  private void turn(ZContext context, @Nullable ZmqBound bound) {
    if (follow(context) || poller == null) {
      poller = poller(context, bound);
    }
    boolean isAsking = publishers.values().stream().anyMatch(ZmqPublisher::isAsking);
    poller.poll(isAsking ? SHORTEST_POLL.toMillis() : LONGEST_POLL.toMillis());
    long now = System.nanoTime();
    for (var publisher : publishers.values()) {
      publisher.turn(version, now);
    }
    if (bound != null) {
      bound.turn(version);
    }
  }

  private ZMQ.Poller poller(ZContext context, @Nullable ZmqBound bound) {
    if (poller != null) {
      poller.close();
    }
    var next = context.createPoller(2 * publishers.size() + 1);
    publishers.values().forEach(publisher -> publisher.register(next));
    if (bound != null) {
      bound.register(next);
    }
    return next;
  }

  /**
   * Has a publisher for each rank of each endpoint that there is now.
   *
   * @return whether the fleet is another one
   */
  private boolean follow(ZContext context) {
    var world = feeds.world();
    if (world.version() == version) {
      return false;
    }
    version = world.version();
    var wanted = new HashMap<Origin, ZmqPublisher.Where>();
    if (config.bind().isEmpty()) {
      world.of(KvSource.ZEROMQ).values().forEach(endpoints -> add(endpoints.getFirst(), wanted));
    }
    for (var publisher : new ArrayList<>(publishers.values())) {
      if (!publisher.where().equals(wanted.get(publisher.where().origin()))
          || !publisher.isStill(feeds)) {
        publisher.close();
        publishers.remove(publisher.where().origin());
      }
    }
    wanted.forEach((origin, where) -> {
      if (!publishers.containsKey(origin)) {
        feeds
            .feed(KvSource.ZEROMQ, origin)
            .ifPresent(
                feed -> publishers.put(origin, new ZmqPublisher(where, feeds, feed, context)));
      }
    });
    return true;
  }

  private void add(RegisteredEndpoint endpoint, Map<Origin, ZmqPublisher.Where> wanted) {
    int port = config.port(endpoint.labels());
    int replayPort = config.replayPort(endpoint.labels());
    for (int rank = 0; rank < config.ranks(); rank++) {
      var origin = new Origin(endpoint.address(), rank);
      wanted.put(
          origin,
          new ZmqPublisher.Where(
              origin,
              tcp(endpoint, port + rank),
              replayPort == 0 ? "" : tcp(endpoint, replayPort + rank),
              config.topic()));
    }
  }

  private static String tcp(RegisteredEndpoint endpoint, int port) {
    return "tcp://" + endpoint.urlHost() + ":" + port;
  }

  @Override
  public void close() {
    stopped = true;
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
