package io.signalbox.host;

import io.signalbox.host.SoakRecord.Failure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Clients that each send one request after the other, by both doors, for whole answers and for
 * streams, and now and then go away before the end.
 */
final class SoakLoad {
  private static final int CLIENTS_OF_A_DOOR = 8;
  private static final int TALKS = 12;
  private static final int USERS = 16;
  private static final int MOST_TOKENS = 40;
  private static final double ABORTED = 0.04;
  private static final Duration MOST_PAUSE = Duration.ofMillis(60);
  private static final Pattern ENDPOINT = Pattern.compile("endpoint (\\S+)");

  private final Map<String, Client> doors;
  private final List<Thread> threads = new ArrayList<>();
  private final LongAdder answered = new LongAdder();
  private final LongAdder aborted = new LongAdder();
  private final Queue<Failure> failures = new ConcurrentLinkedQueue<>();
  private final Map<String, LongAdder> seen = new ConcurrentHashMap<>();
  private volatile boolean stopped;

  /**
   * Clients that do not send yet.
   *
   * @param doors by their names
   */
  SoakLoad(Map<String, Client> doors) {
    this.doors = Map.copyOf(doors);
  }

  void start(SplittableRandom random) {
    doors.forEach((door, client) -> {
      for (int i = 0; i < CLIENTS_OF_A_DOOR; i++) {
        var its = random.split();
        threads.add(
            Thread.ofVirtual()
                .name("soak-" + door + "-" + i)
                .start(() -> {
                  while (!stopped) {
                    new Request(door, client, its).send();
                    LockSupport.parkNanos(its.nextLong(MOST_PAUSE.toNanos()));
                  }
                }));
      }
    });
  }

  /** Stops, and waits for the last answers. */
  void stop() throws InterruptedException {
    stopped = true;
    for (var thread : threads) {
      thread.join();
    }
  }

  long answered() {
    return answered.sum();
  }

  long aborted() {
    return aborted.sum();
  }

  List<Failure> failures() {
    return List.copyOf(failures);
  }

  /** How many answers had a header in which this is found. */
  long seen(String header, String pattern) {
    var found = Pattern.compile(header + ": .*" + pattern).asPredicate();
    return seen.entrySet().stream()
        .filter(each -> found.test(each.getKey()))
        .mapToLong(each -> each.getValue().sum())
        .sum();
  }

  /** One request, from its beginning to its end. */
  private final class Request {
    private final String door;
    private final Client client;
    private final SplittableRandom random;
    private final boolean stream;
    private final boolean aborts;
    private final long from = System.nanoTime();
    private boolean began;

    Request(String door, Client client, SplittableRandom random) {
      this.door = door;
      this.client = client;
      this.random = random;
      this.stream = random.nextBoolean();
      this.aborts = random.nextDouble() < ABORTED;
    }

    void send() {
      var prompt =
          "talk %d of the soak, ".formatted(random.nextInt(TALKS)).repeat(8) + random.nextInt(1000);
      int tokens = random.nextInt(4, MOST_TOKENS);
      var headers =
          new String[] {
            "user", "user-" + random.nextInt(USERS), "routing-strategy", chain(), "soak", "yes"
          };
      try {
        if (stream) {
          readStream(client.chatStream(Bodies.stream(prompt, tokens), headers));
        } else {
          readWhole(Bodies.chat(prompt, tokens), headers);
        }
      } catch (UncheckedIOException | IOException | CompletionException e) {
        failed(null, e.toString());
      }
    }

    /** Half of all go by what engines have cached; blank is the default. */
    private String chain() {
      return random.nextBoolean() ? "prefix-cache" : "";
    }

    private void readWhole(String body, String... headers) {
      var coming = client.chatAsync(body, headers);
      if (aborts) {
        CompletableFuture.delayedExecutor(random.nextInt(1, 40), TimeUnit.MILLISECONDS)
            .execute(() -> coming.cancel(true));
      }
      try {
        var answer = coming.join();
        if (answer.statusCode() == 200) {
          succeeded(answer);
        } else {
          failed(answer, answer.body());
        }
      } catch (CancellationException e) {
        aborted.increment();
      }
    }

    private void readStream(HttpResponse<InputStream> answer) throws IOException {
      try (var lines =
          new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
        if (answer.statusCode() != 200) {
          failed(answer, lines.readLine());
          return;
        }
        began = true;
        int events = random.nextInt(1, 6);
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
          if (line.equals("data: [DONE]")) {
            succeeded(answer);
            // The end of the answer, so that the connection is used again.
            lines.skip(Long.MAX_VALUE);
            return;
          }
          if (aborts && !line.isEmpty() && --events == 0) {
            aborted.increment();
            return;
          }
        }
        failed(answer, "the stream ended before its end");
      } catch (IOException e) {
        failed(answer, e.toString());
      }
    }

    private void succeeded(HttpResponse<?> answer) {
      answered.increment();
      note(answer, "x-signalbox-degraded");
      note(answer, "routing-strategy");
    }

    private void note(HttpResponse<?> answer, String header) {
      var value = Answers.header(answer, header);
      if (!value.isEmpty()) {
        seen.computeIfAbsent(header + ": " + value, absent -> new LongAdder()).increment();
      }
    }

    private void failed(@Nullable HttpResponse<?> answer, @Nullable String text) {
      var what = text == null ? "" : text;
      failures.add(
          new Failure(
              door + (stream ? ", stream" : ", whole"),
              from,
              System.nanoTime(),
              began,
              answer == null ? 0 : answer.statusCode(),
              answer == null ? "" : Answers.header(answer, "x-signalbox-reason"),
              answer == null ? "" : endpoint(answer, what),
              what));
    }

    /** Where the request was in the end. */
    private static String endpoint(HttpResponse<?> answer, String text) {
      for (var header : List.of("x-gateway-destination-endpoint-served", "target-pod")) {
        if (!Answers.header(answer, header).isEmpty()) {
          return Answers.header(answer, header);
        }
      }
      var named = ENDPOINT.matcher(text);
      return named.find() ? named.group(1) : "";
    }
  }
}
