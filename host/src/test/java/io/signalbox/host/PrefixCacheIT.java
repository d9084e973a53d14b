package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.signalbox.envoy.extproc.v3.HeaderMap;
import io.signalbox.envoy.extproc.v3.HeaderValue;
import io.signalbox.envoy.extproc.v3.HttpHeaders;
import io.signalbox.envoy.extproc.v3.ProcessingRequest;
import io.signalbox.simulator.EngineSimulator;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code prefix-cache} over engines with a KV cache, and what both doors teach the index. */
@ExtendWith(BlockedLoops.class)
final class PrefixCacheIT {
  private static final int CONVERSATIONS = 16;
  private static final int TURNS = 6;

  /** Tokens of all prompts, and those that the engines found in their caches. */
  private record Tokens(long prompts, long cached) {
    double share() {
      return (double) cached / prompts;
    }

    long computed() {
      return prompts - cached;
    }
  }

  @Test
  void conversationsFindTheirPastInTheCache() throws Exception {
    var random = converse("random");
    requireBetter(converse("prefix-cache"), random);
    requireBetter(converse("prefix-cache-preble"), random);
  }

  private static void requireBetter(Tokens prefixCache, Tokens random) {
    // What an engine must compute before the first token is what a client waits for.
    assertThat(prefixCache.share())
        .as("random %s, prefix-cache %s", random, prefixCache)
        .isGreaterThan(0.65)
        .isGreaterThan(random.share() + 0.15);
    assertThat(prefixCache.computed())
        .as("random %s, prefix-cache %s", random, prefixCache)
        .isLessThan(random.computed() * 2 / 3);
  }

  /** Conversations at a time over engines that hold a third of them each. */
  private static Tokens converse(String chain) throws Exception {
    try (var engines = Engines.start(4, options -> options.withKvBlocks(400));
        var host =
            RunningHost.start(
                RunningHost.Ports.free(),
                RunningHost.models(engines.addresses()) + "\nrouting: {default: " + chain + "}");
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var talks =
          IntStream.range(0, CONVERSATIONS)
              .mapToObj(i -> threads.submit(() -> talk(host.gateway(), i)))
              .toList();
      long prompts = 0;
      for (Future<Long> talk : talks) {
        prompts += talk.get();
      }
      assertThat(engines.received()).allMatch(requests -> requests > 0);
      var cached = engines.all().stream().mapToLong(EngineSimulator::cachedPromptTokens).sum();
      if (chain.startsWith("prefix-cache")) {
        assertThat(host.meter("signalbox_prefix_cached_tokens_total", "")).isPositive();
        assertThat(host.meter("signalbox_prefix_blocks", "")).isPositive();
      } else {
        assertThat(host.meter("signalbox_prefix_blocks", "")).isZero();
      }
      return new Tokens(prompts, cached);
    }
  }

  /** Speaks and is answered, in turn; returns the tokens of all prompts. */
  private static long talk(Client client, int number) {
    var random = new SplittableRandom(number);
    var messages = new ArrayList<JsonObject>();
    messages.add(message("system", words(new SplittableRandom(99), 40)));
    long prompts = 0;
    for (int turn = 0; turn < TURNS; turn++) {
      messages.add(message("user", words(random, 60)));
      var body =
          new JsonObject()
              .put("model", RunningHost.MODEL)
              .put("max_tokens", 20)
              .put("messages", new JsonArray(List.copyOf(messages)));
      var response = client.chat(body.encode());
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      var answer = new JsonObject(response.body());
      prompts += answer.getJsonObject("usage").getLong("prompt_tokens");
      messages.add(answer.getJsonArray("choices").getJsonObject(0).getJsonObject("message"));
    }
    return prompts;
  }

  private static JsonObject message(String role, String content) {
    return new JsonObject().put("role", role).put("content", content);
  }

  private static String words(SplittableRandom random, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> Integer.toString(random.nextInt(10_000), 36))
        .collect(Collectors.joining(" "));
  }

  @Test
  void extProcTeachesWhatEnginesAccept() throws Exception {
    var endpoints = List.of("127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3");
    try (var host =
            RunningHost.start(
                RunningHost.Ports.free(),
                RunningHost.models(endpoints) + "\nrouting: {default: prefix-cache}");
        var client = new ExtProcClient(host.ports().extProc())) {
      var refused = Bodies.chat("r".repeat(1024), 1);
      exchange(client, host, refused, "503");
      assertThat(host.meter("signalbox_prefix_prompt_tokens_total", "")).isZero();

      var accepted = Bodies.chat("a".repeat(1024), 1);
      var first = exchange(client, host, accepted, "200");
      assertThat(host.meter("signalbox_prefix_prompt_tokens_total", "")).isEqualTo(256);
      for (int i = 0; i < 10; i++) {
        assertThat(exchange(client, host, accepted, "200")).isEqualTo(first);
      }
      assertThat(host.meter("signalbox_prefix_cached_tokens_total", "")).isEqualTo(2560);
    }
  }

  /** One exchange as Envoy tells it; returns the endpoint. */
  private static String exchange(ExtProcClient client, RunningHost host, String body, String status)
      throws Exception {
    var stream = client.open();
    stream.ask(ExtProcClient.headers("POST", Client.CHAT));
    var routed = stream.ask(ExtProcClient.body(body));
    stream.ask(responseHeaders(status));
    stream.end();
    assertThat(stream.grpcStatus()).isEqualTo("0");
    host.awaitIdle();
    return routed.getRequestBody().getResponse().getHeaderMutation().getSetHeadersList().stream()
        .filter(option -> option.getHeader().getKey().equals("target-pod"))
        .map(option -> option.getHeader().getRawValue().toStringUtf8())
        .findFirst()
        .orElseThrow();
  }

  private static ProcessingRequest responseHeaders(String status) {
    var map =
        HeaderMap.newBuilder()
            .addHeaders(
                HeaderValue.newBuilder()
                    .setKey(":status")
                    .setRawValue(ByteString.copyFromUtf8(status)));
    return ProcessingRequest.newBuilder()
        .setResponseHeaders(HttpHeaders.newBuilder().setHeaders(map))
        .build();
  }
}
