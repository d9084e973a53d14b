package io.signalbox.host;

import static io.signalbox.host.Answers.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.RunningHost.Ports;
import io.vertx.core.http.HttpServerRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two hosts that share limits in a real Redis, which goes and comes. */
@ExtendWith(BlockedLoops.class)
class SharedLimitsIT {
  private static final Duration SOON = Duration.ofSeconds(15);

  private final RecordingEngine engine = new RecordingEngine();
  private final List<RunningHost> hosts = new ArrayList<>();
  private RedisServer redis;

  @BeforeEach
  void start() throws Exception {
    redis = RedisServer.start();
    engine.answer(SharedLimitsIT::usage);
  }

  @AfterEach
  void stop() {
    hosts.forEach(RunningHost::close);
    if (redis != null) {
      redis.close();
    }
    engine.close();
  }

  private static void usage(HttpServerRequest request) {
    var _ =
        request
            .response()
            .putHeader("content-type", "application/json")
            .end("{\"usage\":{\"prompt_tokens\":30,\"completion_tokens\":10}}");
  }

  /** One more host; its answers may take a while on a busy machine. */
  private RunningHost host(String whenAway, String perUser) {
    return host(whenAway, perUser, "user-header");
  }

  private RunningHost host(String whenAway, String perUser, String identity) {
    return hostWith(whenAway, identity, "user: {" + perUser + "}");
  }

  private RunningHost hostWith(String whenAway, String identity, String limits) {
    var host =
        RunningHost.start(
            Ports.free(),
            """
            models: [{name: %s, endpoints: ["%s"]}]
            limits:
              identity: %s
              %s
              redis: {server: "%s", timeout: 2s, when-away: %s}
            """
                .formatted(
                    RunningHost.MODEL,
                    engine.address(),
                    identity,
                    limits,
                    redis.server(),
                    whenAway));
    hosts.add(host);
    return host;
  }

  private static HttpResponse<String> ask(RunningHost host, String user) {
    return host.gateway().chat(Bodies.HELLO, "user", user);
  }

  private static void shares(RunningHost host, boolean shared) throws Exception {
    Eventually.until(
        SOON,
        () -> host.meter("signalbox_limit_shared ", "") == (shared ? 1 : 0),
        "redis " + (shared ? "does not answer" : "answers"));
  }

  @Test
  void twoHostsTogetherAdmitNoMoreThanTheLimit() throws Exception {
    var two =
        List.of(
            host("refuse", "requests-per-minute: 20"), host("refuse", "requests-per-minute: 20"));
    for (var host : two) {
      shares(host, true);
    }
    var admitted = new AtomicInteger();
    var threads =
        IntStream.range(0, 8)
            .mapToObj(i ->
                Thread.startVirtualThread(() -> {
                  for (int n = 0; n < 10; n++) {
                    if (ask(two.get((i + n) % 2), "ann").statusCode() == 200) {
                      admitted.incrementAndGet();
                    }
                  }
                }))
            .toList();
    for (var thread : threads) {
      thread.join();
    }

    // One is refilled in 3 s.
    assertThat(admitted.get()).isBetween(20, 30);
    var refused = ask(two.getFirst(), "ann");
    if (refused.statusCode() == 429) {
      assertThat(header(refused, "x-ratelimit-limit-requests")).isEqualTo("20");
      assertThat(Integer.parseInt(header(refused, "retry-after"))).isBetween(1, 3);
    }
    var another = ask(two.getLast(), "bob");
    assertThat(another.statusCode()).as(another.body()).isEqualTo(200);
  }

  @Test
  void tokensOfAnswersAreChargedForBoth() throws Exception {
    var one = host("refuse", "tokens-per-minute: 600");
    var other = host("refuse", "tokens-per-minute: 600");
    shares(one, true);
    shares(other, true);
    long reserved = 600 - left(ask(one, "ann"));
    one.awaitIdle();

    // 40 were used.
    Eventually.until(
        SOON,
        () -> 600 - left(ask(other, "ann")) > 2 * reserved,
        "the other host does not see what was used");
  }

  private static long left(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isEqualTo(200);
    return Long.parseLong(header(answer, "x-ratelimit-remaining-tokens"));
  }

  @Test
  void whatOneLimitRefusesIsTakenFromNone() throws Exception {
    var more = "model: {requests-per-minute: 1}\n  user: {requests-per-minute: 100}";
    var one = hostWith("refuse", "user-header", more);
    var other = hostWith("refuse", "user-header", more);
    shares(one, true);
    shares(other, true);
    assertThat(ask(one, "ann").statusCode()).isEqualTo(200);
    var before = redis.talk("GET", "signalbox:requests-per-minute:user:ann");
    assertThat(before).contains(".");

    var refused = ask(other, "ann");

    Answers.assertRefusal(refused, 429, "request-limit", null);
    assertThat(Answers.error(refused).getString("message"))
        .startsWith("model " + RunningHost.MODEL);
    assertThat(redis.talk("GET", "signalbox:requests-per-minute:user:ann")).isEqualTo(before);
  }

  /** As if its clock had been an hour ahead when a bucket was written. */
  @Test
  void aClockOfRedisThatGoesBackLocksNobodyOutForLong() throws Exception {
    var host = host("refuse", "requests-per-minute: 10");
    shares(host, true);
    redis.talk("SET", "signalbox:requests-per-minute:user:ann", "9000000000000000");

    var refused = ask(host, "ann");

    Answers.assertRefusal(refused, 429, "request-limit", null);
    assertThat(Integer.parseInt(header(refused, "retry-after"))).isBetween(60, 66);
  }

  @Test
  void requestsAtATimeAreCountedOverBoth() throws Exception {
    var held = new CopyOnWriteArrayList<HttpServerRequest>();
    engine.answer(held::add);
    var one = host("refuse", "concurrency: 1");
    var other = host("refuse", "concurrency: 1");
    shares(one, true);
    shares(other, true);
    var first = CompletableFuture.supplyAsync(() -> ask(one, "ann"), Thread::startVirtualThread);
    Eventually.until(SOON, () -> held.size() == 1, "the engine was not asked");

    Answers.assertRefusal(ask(other, "ann"), 429, "concurrency-limit", null);
    // A server that forgot everything learns what is under way from those who have it.
    redis.stop();
    shares(one, false);
    redis.restart();
    shares(one, true);
    shares(other, true);
    Eventually.until(
        SOON, () -> redis.talk("KEYS", "*concurrency*").contains("user:ann"), "nothing is told");
    Answers.assertRefusal(ask(other, "ann"), 429, "concurrency-limit", null);

    engine.answer(SharedLimitsIT::usage);
    usage(held.getFirst());
    assertThat(first.get().statusCode()).isEqualTo(200);
    one.awaitIdle();
    Eventually.until(
        SOON, () -> ask(other, "ann").statusCode() == 200, "the place is not free again");
  }

  @ParameterizedTest
  @ValueSource(strings = {"local", "refuse", "allow"})
  void whileRedisIsAwayTheDeclaredModeHolds(String whenAway) throws Exception {
    var host = host(whenAway, "requests-per-minute: 2");
    shares(host, true);
    assertThat(ask(host, "ann").statusCode()).isEqualTo(200);
    redis.stop();
    shares(host, false);

    var answers = IntStream.range(0, 3).mapToObj(i -> ask(host, "ann")).toList();

    var statuses = answers.stream().map(HttpResponse::statusCode).toList();
    switch (whenAway) {
      // What this host admitted before is known.
      case "local" -> assertThat(statuses).containsExactly(200, 429, 429);
      case "refuse" -> {
        assertThat(statuses).containsExactly(503, 503, 503);
        Answers.assertRefusal(answers.getFirst(), 503, "limits-away", null);
      }
      default -> assertThat(statuses).containsExactly(200, 200, 200);
    }
    redis.restart();
    shares(host, true);
    assertThat(ask(host, "bob").statusCode()).isEqualTo(200);
  }

  /**
   * No request hangs or fails, whatever Redis does; all that is under way is counted right after.
   */
  @Test
  void redisGoesAndComesUnderLoad() throws Exception {
    var two =
        List.of(
            host(
                "local",
                "requests-per-minute: 1000000, tokens-per-minute: 900000000, concurrency: 64"),
            host(
                "local",
                "requests-per-minute: 1000000, tokens-per-minute: 900000000, concurrency: 64"));
    for (var host : two) {
      shares(host, true);
    }
    var stopped = new AtomicBoolean();
    var answers = new AtomicInteger();
    var failures = new CopyOnWriteArrayList<String>();
    var threads =
        IntStream.range(0, 8)
            .mapToObj(i ->
                Thread.startVirtualThread(() -> {
                  while (!stopped.get() && failures.size() < 20) {
                    try {
                      var answer = ask(two.get(i % 2), "user-" + i % 4);
                      if (answer.statusCode() == 200) {
                        answers.incrementAndGet();
                      } else {
                        failures.add(answer.statusCode() + " " + answer.body());
                      }
                    } catch (RuntimeException e) {
                      failures.add(e.toString());
                    }
                  }
                }))
            .toList();
    for (int round = 0; round < 3; round++) {
      goOn(answers);
      redis.stop();
      shares(two.getFirst(), false);
      goOn(answers);
      redis.restart();
      shares(two.getFirst(), true);
    }
    goOn(answers);
    redis.freeze();
    shares(two.getFirst(), false);
    goOn(answers);
    redis.thaw();
    shares(two.getFirst(), true);
    goOn(answers);
    stopped.set(true);
    for (var thread : threads) {
      thread.join();
    }

    assertThat(failures).isEmpty();
    two.forEach(RunningHost::awaitIdle);
    var last = ask(two.getFirst(), "user-0");
    assertThat(last.statusCode()).isEqualTo(200);
  }

  private static void goOn(AtomicInteger answers) throws Exception {
    int before = answers.get();
    Eventually.until(SOON, () -> answers.get() > before + 50, "no answers come any more");
  }

  @Test
  void usersOfAibrixHaveTheirRecords() throws Exception {
    redis.talk("SET", "aibrix-users/ann", "{\"name\":\"ann\",\"rpm\":2,\"tpm\":0}");
    redis.talk("SET", "aibrix-users/bob", "{\"name\":\"bob\",\"rpm\":9,\"tpm\":3}");
    var host = host("refuse", "", "aibrix");
    shares(host, true);

    assertThat(header(ask(host, "ann"), "x-ratelimit-limit-tokens")).isEqualTo("2000");
    assertThat(ask(host, "ann").statusCode()).isEqualTo(200);
    var refused = ask(host, "ann");
    Answers.assertRefusal(refused, 429, "request-limit", null);
    assertThat(header(refused, "x-error-rpm-exceeded")).isEqualTo("true");
    var tooLarge = ask(host, "bob");
    Answers.assertRefusal(tooLarge, 429, "token-limit", null);
    assertThat(header(tooLarge, "x-error-tpm-exceeded")).isEqualTo("true");
    var unknown = ask(host, "cid");
    Answers.assertRefusal(unknown, 401, "unknown-user", "user");
    assertThat(header(unknown, "x-error-user")).isEqualTo("true");
    assertThat(host.gateway().chat(Bodies.HELLO).statusCode()).isEqualTo(200);
  }

  @Test
  void aPasswordIsReadFromItsFile(@TempDir Path folder) throws Exception {
    redis.close();
    redis = RedisServer.start("--requirepass", "sesame");
    var ports = Ports.free();
    var file = folder.resolve("signalbox.yaml");
    Files.writeString(folder.resolve("password.txt"), "sesame\n");
    Files.writeString(
        file,
        ports.yaml(
            """
            models: [{name: %s, endpoints: ["%s"]}]
            limits:
              model: {requests-per-minute: 5}
              redis: {server: "%s", timeout: 2s, password-file: password.txt}
            """
                .formatted(RunningHost.MODEL, engine.address(), redis.server())));
    var host = RunningHost.follow(ports, file);
    hosts.add(host);

    shares(host, true);
    assertThat(host.gateway().chat(Bodies.HELLO).statusCode()).isEqualTo(200);
    assertThat(host.meter("signalbox_limit_shared_calls_total", "answered")).isPositive();
  }
}
