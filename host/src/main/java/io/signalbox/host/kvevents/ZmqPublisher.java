package io.signalbox.host.kvevents;

import io.signalbox.host.config.KvSource;
import io.signalbox.host.kvevents.Feed.Reception;
import io.signalbox.host.kvevents.ZmqFrames.Message;
import io.signalbox.host.prefix.Knowledge;
import io.signalbox.host.telemetry.Quiet;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZEvent;
import org.zeromq.ZMQ;
import org.zeromq.ZMonitor;

/**
 * One engine's publisher: listens to it, and asks it again for what was missed. Belongs to the
 * thread of its source.
 */
final class ZmqPublisher implements AutoCloseable {
  /*
   * A subscription takes a moment to reach the publisher, and a queue that is full drops, so batches go
   * missing. The publisher keeps the last ones (vLLM 10,000) and sends them again to who asks at its second
   * socket, all from a number on, and then an end. That queue drops too, so an answer may have holes; then
   * the first hole is asked for. What comes live meanwhile waits in `held`.
   *
   * Who connects, or has heard something since it asked last, asks for the last batch it has: if that comes
   * as it was, and nothing is missing, the engine is the one it was. If another comes, or none, the engine
   * began anew, or keeps too few: then all is asked for. An answer that does not come is asked for
   * three times. Where a hole stays, all is forgotten, and the feed goes on behind the hole.
   */
  private static final Logger LOG = LoggerFactory.getLogger(ZmqPublisher.class);

  private static final long END = -1;
  private static final int MOST_HELD = 16_384;
  private static final int MOST_MESSAGES = 256;
  private static final int QUEUE_MESSAGES = 100_000;
  private static final long LARGEST_MESSAGE_BYTES = 64L << 20;
  private static final int MOST_TRIES = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration FIRST_LOOK = Duration.ofSeconds(1);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(10);

  private final Where where;
  private final KvFeeds feeds;
  private final Feed feed;
  private final ZContext context;
  private final ZMQ.Socket live;
  private final ZMQ.Socket monitor;
  private final Quiet quiet = new Quiet();
  private final ArrayDeque<Message> held = new ArrayDeque<>();
  private ZMQ.@Nullable Socket replay;
  private int tries;
  private long hole = Feed.UNKNOWN;
  private long lastHole = Feed.UNKNOWN;
  private boolean proven;
  private boolean atStake;
  private boolean gap;
  private long releasedAt = Feed.UNKNOWN;
  private Knowledge before = Knowledge.NOTHING;
  private boolean connected;
  private boolean heardSince;
  private long deadline;
  private long nextLook;

  /**
   * Where an engine publishes, and where it answers.
   *
   * @param replay empty: nowhere
   * @param topic how the topics begin that are listened to
   */
  record Where(Origin origin, String events, String replay, String topic) {}

  ZmqPublisher(Where where, KvFeeds feeds, Feed feed, ZContext context) {
    this.where = where;
    this.feeds = feeds;
    this.feed = feed;
    this.context = context;
    live = context.createSocket(SocketType.SUB);
    monitor = context.createSocket(SocketType.PAIR);
    tune(live);
    live.subscribe(where.topic());
    var watch = "inproc://monitor-" + where.origin();
    live.monitor(watch, ZMQ.EVENT_CONNECTED | ZMQ.EVENT_DISCONNECTED);
    monitor.connect(watch);
    live.connect(where.events());
  }

  static void tune(ZMQ.Socket socket) {
    socket.setLinger(0);
    socket.setIPv6(true);
    socket.setRcvHWM(QUEUE_MESSAGES);
    socket.setMaxMsgSize(LARGEST_MESSAGE_BYTES);
    socket.setReconnectIVL(100);
    socket.setReconnectIVLMax(2_000);
    socket.setHeartbeatIvl(2_000);
    socket.setHeartbeatTimeout(6_000);
  }

  Where where() {
    return where;
  }

  void register(ZMQ.Poller poller) {
    poller.register(live, ZMQ.Poller.POLLIN);
    poller.register(monitor, ZMQ.Poller.POLLIN);
  }

  /** Whether an answer is waited for. */
  boolean isAsking() {
    return replay != null;
  }

  /** Does what there is to do now. */
  void turn(int version, long nowNanos) {
    if (feed.follow(version)) {
      beginAnew(nowNanos);
    }
    readMonitor(nowNanos);
    if (replay != null) {
      readReplay(nowNanos);
    }
    readLive(nowNanos);
    look(nowNanos);
  }

  private void readMonitor(long now) {
    for (var event = ZEvent.recv(monitor, ZMQ.DONTWAIT);
        event != null;
        event = ZEvent.recv(monitor, ZMQ.DONTWAIT)) {
      if (event.getEvent() == ZMonitor.Event.CONNECTED) {
        connected = true;
        heardSince = true;
        nextLook = now + FIRST_LOOK.toNanos();
        atStake = feed.next() != Feed.UNKNOWN;
        ask(now);
      } else {
        lost();
      }
    }
  }

  private void lost() {
    if (connected) {
      LOG.warn("KV events of {} no longer come from {}", where.origin(), where.events());
    }
    if (feed.knowledge() != Knowledge.NOTHING) {
      before = feed.knowledge();
    }
    connected = false;
    endReplay();
    held.clear();
    feed.know(Knowledge.NOTHING);
  }

  /** Begins with nothing, and asks for all. */
  private void beginAnew(long now) {
    feed.forget();
    if (connected) {
      ask(now);
    }
  }

  private void look(long now) {
    if (replay != null && now - deadline > 0) {
      late(now);
    } else if (connected && replay == null && now - nextLook > 0) {
      nextLook = now + LOOK_EVERY.toNanos();
      if (heardSince) {
        heardSince = false;
        ask(now);
      }
    }
  }

  // Live.

  private void readLive(long now) {
    for (int i = 0; i < MOST_MESSAGES; i++) {
      var message = next(live);
      if (message.isEmpty()) {
        return;
      }
      heardSince = true;
      hear(message.get(), now);
    }
  }

  private void hear(Message message, long now) {
    if (replay != null) {
      if (held.size() == MOST_HELD) {
        held.clear();
      }
      held.add(message);
      return;
    }
    switch (feeds.receive(feed, message.number(), message.payload())) {
      case TAKEN, DUPLICATE -> {}
      case GAP, RESTARTED -> {
        gap = true;
        atStake = true;
        held.add(message);
        ask(now);
      }
    }
  }

  // Asking again.

  private void ask(long now) {
    tries = 0;
    lastHole = Feed.UNKNOWN;
    askFromLast(now);
  }

  /** From the last batch that was taken on; all, where there is none. */
  private void askFromLast(long now) {
    endReplay();
    if (where.replay().isEmpty()) {
      answered(now);
      return;
    }
    proven = feed.next() <= 0;
    hole = Feed.UNKNOWN;
    var socket = context.createSocket(SocketType.DEALER);
    tune(socket);
    socket.connect(where.replay());
    socket.sendMore(new byte[0]);
    long from = Math.max(0, feed.next() - 1);
    socket.send(ByteBuffer.allocate(Long.BYTES).putLong(from).array());
    replay = socket;
    deadline = now + PATIENCE.toNanos();
  }

  private void late(long now) {
    if (++tries < MOST_TRIES) {
      askFromLast(now);
    } else {
      if (quiet.mayTell()) {
        LOG.warn("{} does not answer at {}", where.origin(), where.replay());
      }
      endReplay();
      release(now, atStake);
    }
  }

  private void readReplay(long now) {
    for (int i = 0; i < MOST_MESSAGES && replay != null; i++) {
      var message = next(replay);
      if (message.isEmpty()) {
        return;
      }
      deadline = now + PATIENCE.toNanos();
      if (message.get().number() == END) {
        endReplay();
        answered(now);
        return;
      }
      again(message.get());
    }
  }

  /** One batch of an answer. */
  private void again(Message message) {
    if (!proven) {
      if (hole == Feed.UNKNOWN) {
        prove(message);
      }
    } else if (hole == Feed.UNKNOWN
        && feeds.receive(feed, message.number(), message.payload()) == Reception.GAP) {
      if (feed.next() == lastHole) {
        // Asked for, and not there.
        feed.lose();
        var _ = feeds.receive(feed, message.number(), message.payload());
      } else {
        hole = feed.next();
      }
    }
  }

  /** The first batch of an answer must be the last one that was taken. */
  private void prove(Message message) {
    var batch = feeds.read(where.origin().toString(), message.number(), message.payload());
    boolean same =
        message.number() == feed.next() - 1
            && batch.map(KvBatch::at).orElse(feed.lastAt()) == feed.lastAt();
    if (same) {
      proven = true;
    } else {
      hole = 0;
    }
  }

  /** An answer has ended. */
  private void answered(long now) {
    if (!proven && !where.replay().isEmpty()) {
      // Not the engine it was, or it no longer has what was missed.
      LOG.info("KV events of {} begin anew", where.origin());
      if (gap) {
        gap = false;
        feed.lose();
      } else {
        feed.forget();
      }
      askFromLast(now);
    } else if (hole != Feed.UNKNOWN) {
      lastHole = hole;
      askFromLast(now);
    } else {
      release(now, false);
    }
  }

  /**
   * Goes on with what came meanwhile.
   *
   * @param givesUp whether what is missing will not come
   */
  private void release(long now, boolean givesUp) {
    boolean stuck = feed.next() == releasedAt && gap;
    releasedAt = feed.next();
    if (givesUp && feed.next() != Feed.UNKNOWN) {
      feed.lose();
    } else if (feed.next() == Feed.UNKNOWN && held.isEmpty() && connected && !givesUp) {
      begin();
    } else if (feed.knowledge() == Knowledge.NOTHING && feed.next() != Feed.UNKNOWN) {
      feed.know(before);
    }
    boolean wasGap = gap;
    gap = false;
    atStake = false;
    var waiting = new ArrayList<>(held);
    held.clear();
    boolean lossIsCertain = givesUp || stuck || where.replay().isEmpty();
    for (var message : waiting) {
      hearAgain(message, lossIsCertain);
    }
    if (held.isEmpty() && wasGap && !lossIsCertain) {
      feed.filled();
    } else if (!held.isEmpty()) {
      gap = true;
      atStake = true;
      ask(now);
    }
  }

  private void hearAgain(Message message, boolean lossIsCertain) {
    if (!held.isEmpty()) {
      held.add(message);
      return;
    }
    switch (feeds.receive(feed, message.number(), message.payload())) {
      case TAKEN, DUPLICATE -> {}
      case GAP, RESTARTED -> {
        if (lossIsCertain) {
          feed.lose();
          var _ = feeds.receive(feed, message.number(), message.payload());
        } else {
          held.add(message);
        }
      }
    }
  }

  /** Nothing was ever told, as far as the publisher knows. */
  private void begin() {
    if (where.replay().isEmpty()) {
      feed.know(Knowledge.PART);
    } else {
      feed.goOn(0, Double.NEGATIVE_INFINITY);
    }
  }

  private void endReplay() {
    if (replay != null) {
      replay.close();
      replay = null;
    }
  }

  /** The next message that is one; empty where none is left. */
  private Optional<Message> next(ZMQ.Socket socket) {
    for (var frames = ZmqFrames.next(socket); !frames.isEmpty(); frames = ZmqFrames.next(socket)) {
      var message = ZmqFrames.message(frames);
      if (message.isPresent()) {
        return message;
      }
      feeds.notABatch(where.origin().toString(), ZmqFrames.problem(frames));
    }
    return Optional.empty();
  }

  /** Whether what is told still goes to the feed that it goes to. */
  boolean isStill(KvFeeds feeds) {
    return feeds.feed(KvSource.ZEROMQ, where.origin()).equals(Optional.of(feed));
  }

  @Override
  public void close() {
    endReplay();
    live.close();
    monitor.close();
    feed.forget();
  }
}
