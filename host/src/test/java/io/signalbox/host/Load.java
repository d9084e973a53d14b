package io.signalbox.host;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Clients that send one request after the other until they are told to stop. */
final class Load implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(5);
  private static final int MOST_FAILURES = 20;

  private final Client client;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong answers = new AtomicLong();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private volatile boolean stopped;

  private Load(Client client) {
    this.client = client;
  }

  /** So many clients, from now on. */
  static Load start(Client client, int clients) {
    var load = new Load(client);
    for (int i = 0; i < clients; i++) {
      load.threads.add(Thread.ofVirtual().name("load-" + i).start(load::run));
    }
    return load;
  }

  private void run() {
    while (!stopped && failures.size() < MOST_FAILURES) {
      try {
        note(client.chat(Bodies.chat("load", 1)));
      } catch (RuntimeException e) {
        failures.add(String.valueOf(e));
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private void note(HttpResponse<String> answer) {
    if (answer.statusCode() == 200) {
      answers.incrementAndGet();
    } else {
      failures.add(answer.statusCode() + " " + answer.body());
    }
  }

  /** Requests answered with 200 until now. */
  long answers() {
    return answers.get();
  }

  /** What else came, the first few. */
  List<String> failures() {
    return List.copyOf(failures);
  }

  /** Stops, and waits for the last answers. */
  void stop() throws InterruptedException {
    stopped = true;
    for (var thread : threads) {
      thread.join();
    }
  }

  @Override
  public void close() {
    try {
      stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
