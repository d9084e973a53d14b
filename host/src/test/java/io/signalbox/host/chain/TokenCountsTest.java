package io.signalbox.host.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.request.RequestHeaders;
import io.signalbox.host.request.ScanResult.Scanned;
import io.signalbox.host.request.TokenCounter;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** When a decision waits for a tokenizer, and what it goes by then. */
class TokenCountsTest {
  private static final String COUNTING = "least-latency";

  private final List<Promise<Integer>> asked = new ArrayList<>();
  private final List<RoutingResult> results = new ArrayList<>();
  private boolean loaded = true;

  private final TokenCounter counter =
      new TokenCounter() {
        @Override
        public boolean counts(String model) {
          return loaded;
        }

        @Override
        public Future<Integer> count(String model, String text) {
          var promise = Promise.<Integer>promise();
          asked.add(promise);
          return promise.future();
        }
      };

  private InferenceRequest route(String chain, String prompt) {
    var bench = new Bench("a", "b");
    var router =
        new Router(
            bench.plan(chain),
            bench.snapshot(),
            new Router.Surroundings(
                new SplittableRandom(1),
                System::nanoTime,
                bench.timers(),
                Runnable::run,
                new Router.Shared(
                    RequestSignals.UNKNOWN, List.of(), new Queues(System::nanoTime), counter)));
    var body = "{\"model\":\"m\",\"prompt\":" + prompt + "}";
    var request =
        new InferenceRequest(
            new Scanned("m", null, false),
            RequestHeaders.of(Map.of()),
            () -> ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)));
    router.route(request, results::add);
    return request;
  }

  private void assertPicked() {
    assertThat(results).singleElement().isInstanceOf(Picked.class);
  }

  @Test
  void aChainThatWorksWithTheLengthWaitsForTheCount() {
    var request = route(COUNTING, "\"eight characters\"");
    assertThat(results).isEmpty();
    assertThat(request.promptTokens()).isEqualTo(4);

    asked.getFirst().complete(11);
    assertPicked();
    assertThat(request.promptTokens()).isEqualTo(11);
  }

  @Test
  void whereItCannotBeCountedTheEstimateStands() {
    var request = route(COUNTING, "\"eight characters\"");

    asked.getFirst().fail("late");

    assertPicked();
    assertThat(request.promptTokens()).isEqualTo(4);
  }

  @Test
  void otherChainsDoNotWait() {
    route("least-request", "\"eight characters\"");

    assertPicked();
    assertThat(asked).isEmpty();
  }

  @Test
  void nobodyWaitsForATokenizerThatIsNotLoaded() {
    loaded = false;
    route(COUNTING, "\"eight characters\"");

    assertPicked();
    assertThat(asked).isEmpty();
  }

  @Test
  void tokenIdsNeedNotBeCounted() {
    var request = route(COUNTING, "[1, 2, 3]");

    assertPicked();
    assertThat(asked).isEmpty();
    assertThat(request.promptTokens()).isEqualTo(3);
  }
}
