package io.signalbox.simulator;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** Publishes events as vLLM does: {@code PUB}, and {@code ROUTER} for what was missed. */
final class ZmqPublisher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ZmqPublisher.class);
  private static final int MOST_WAITING = 100_000;
  private static final int WAIT_MILLIS = 20;
  private static final long END = -1;

  private final KvEventOptions.ZeroMq options;
  private final String host;
  private final LinkedBlockingQueue<List<KvEvent>> queue = new LinkedBlockingQueue<>(MOST_WAITING);
  private final ArrayDeque<Sent> kept = new ArrayDeque<>();
  private final CountDownLatch bound = new CountDownLatch(1);
  private final Thread thread;
  private long next;
  private volatile int port;
  private volatile int replayPort;
  private volatile boolean stopped;

  private record Sent(long number, ByteBuffer payload) {}

  ZmqPublisher(KvEventOptions.ZeroMq options, String host) {
    this.options = options;
    this.host = host;
    thread = Thread.ofPlatform().daemon().name("simulator-kv-zeromq").unstarted(this::run);
  }

  /** Binds its sockets; waits for it. */
  void start() throws InterruptedException {
    thread.start();
    if (!bound.await(5, TimeUnit.SECONDS) || port == 0) {
      throw new IllegalStateException("cannot publish KV events at port " + options.port());
    }
  }

  /** Takes what happened in a step. Any thread. */
  void publish(List<KvEvent> events) {
    if (!queue.offer(events)) {
      LOG.warn("a batch of KV events is lost, since {} wait", MOST_WAITING);
    }
  }

  int port() {
    return port;
  }

  int replayPort() {
    return replayPort;
  }

  private void run() {
    try (var context = new ZContext()) {
      var live = context.createSocket(SocketType.PUB);
      live.setLinger(0);
      live.setSndHWM(MOST_WAITING);
      var replay = context.createSocket(SocketType.ROUTER);
      replay.setLinger(0);
      int livePort = bind(live, options.port());
      replayPort = bind(replay, options.replayPort());
      port = livePort;
      bound.countDown();
      while (!stopped) {
        turn(live, replay);
      }
    } catch (RuntimeException e) {
      LOG.warn("KV events are not published", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      bound.countDown();
    }
  }

  private int bind(ZMQ.Socket socket, int wanted) {
    if (wanted == 0) {
      return socket.bindToRandomPort("tcp://" + host);
    }
    socket.bind("tcp://" + host + ":" + wanted);
    return wanted;
  }

  private void turn(ZMQ.Socket live, ZMQ.Socket replay) throws InterruptedException {
    for (var asked = replay.recv(ZMQ.DONTWAIT); asked != null; asked = replay.recv(ZMQ.DONTWAIT)) {
      answer(replay, asked);
    }
    var events = queue.poll(WAIT_MILLIS, TimeUnit.MILLISECONDS);
    if (events == null) {
      return;
    }
    var payload = KvBatches.encode(System.currentTimeMillis() / 1000.0, events);
    live.sendMore(options.topic().getBytes(StandardCharsets.UTF_8));
    live.sendMore(bytes(next));
    live.send(payload);
    if (kept.size() == options.kept()) {
      kept.removeFirst();
    }
    kept.addLast(new Sent(next++, ByteBuffer.wrap(payload)));
  }

  /** A question is an empty frame and a number; the answer is all from there on, and an end. */
  private void answer(ZMQ.Socket replay, byte[] client) {
    byte[] last = client;
    while (replay.hasReceiveMore()) {
      last = replay.recv();
    }
    if (last.length != Long.BYTES) {
      LOG.warn("a question of {} bytes for KV events", last.length);
      return;
    }
    long from = ByteBuffer.wrap(last).getLong();
    for (var sent : kept) {
      if (sent.number() >= from) {
        send(replay, client, sent.number(), sent.payload().array());
      }
    }
    send(replay, client, END, new byte[0]);
  }

  private static void send(ZMQ.Socket replay, byte[] client, long number, byte[] payload) {
    replay.sendMore(client);
    replay.sendMore(new byte[0]);
    replay.sendMore(bytes(number));
    replay.send(payload);
  }

  private static byte[] bytes(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }

  @Override
  public void close() {
    stopped = true;
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
