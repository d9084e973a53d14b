package io.signalbox.host.kvevents;

import io.signalbox.host.config.KvSource;
import io.signalbox.host.config.ZeroMqConfig;
import io.signalbox.host.kvevents.Feed.Reception;
import java.util.Optional;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/**
 * One socket that all engines connect to. Who publishes is told by the topic, {@code
 * kv@<endpoint>@<model>}, and the batch's rank. There is nobody to ask again: what is missing is
 * lost. Belongs to the thread of its source.
 */
final class ZmqBound implements AutoCloseable {
  private static final int MOST_MESSAGES = 1024;

  private final KvFeeds feeds;
  private final ZMQ.Socket socket;

  ZmqBound(ZeroMqConfig config, KvFeeds feeds, ZContext context) {
    this.feeds = feeds;
    socket = context.createSocket(SocketType.SUB);
    ZmqPublisher.tune(socket);
    socket.subscribe(config.topic());
    socket.bind(config.bind());
  }

  void register(ZMQ.Poller poller) {
    poller.register(socket, ZMQ.Poller.POLLIN);
  }

  void turn(int version) {
    feeds.feeds(KvSource.ZEROMQ).stream()
        .filter(feed -> feed.follow(version))
        .forEach(Feed::forget);
    for (int i = 0; i < MOST_MESSAGES; i++) {
      var frames = ZmqFrames.next(socket);
      if (frames.isEmpty()) {
        return;
      }
      ZmqFrames.message(frames)
          .ifPresentOrElse(
              message -> hear(message, version),
              () -> feeds.notABatch("a publisher", ZmqFrames.problem(frames)));
    }
  }

  private void hear(ZmqFrames.Message message, int version) {
    var address = address(message.topic());
    if (address.isEmpty()) {
      feeds.unknown();
      return;
    }
    var batch = feeds.read(address.get(), message.number(), message.payload());
    int rank = batch.map(KvBatch::rank).orElse(0);
    var feed = feeds.feed(KvSource.ZEROMQ, new Origin(address.get(), rank));
    if (feed.isEmpty()) {
      feeds.unknown();
      return;
    }
    feed.get().follow(version);
    if (batch.isEmpty()) {
      feed.get().passOver(message.number());
    } else {
      hear(feed.get(), message);
    }
  }

  private void hear(Feed feed, ZmqFrames.Message message) {
    switch (feeds.receive(feed, message.number(), message.payload())) {
      case TAKEN, DUPLICATE -> {}
      case GAP, RESTARTED -> {
        feed.lose();
        Reception _ = feeds.receive(feed, message.number(), message.payload());
      }
    }
  }

  /**
   * The endpoint that a topic names, by its address, or its host where it is the only one there.
   */
  private Optional<String> address(String topic) {
    var parts = topic.split("@", -1);
    if (parts.length < 2) {
      return Optional.empty();
    }
    var name = parts[1];
    var addresses = feeds.world().of(KvSource.ZEROMQ);
    if (addresses.containsKey(name)) {
      return Optional.of(name);
    }
    var there =
        addresses.values().stream()
            .map(endpoints -> endpoints.getFirst())
            .filter(endpoint -> endpoint.host().equals(name))
            .map(endpoint -> endpoint.address())
            .limit(2)
            .toList();
    return there.size() == 1 ? Optional.of(there.getFirst()) : Optional.empty();
  }

  @Override
  public void close() {
    socket.close();
  }
}
