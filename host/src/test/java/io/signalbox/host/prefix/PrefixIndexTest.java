package io.signalbox.host.prefix;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.endpoint.EndpointRegistry;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.request.BlockHashing;
import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.request.PromptBlocks;
import io.signalbox.host.request.RequestHeaders;
import io.signalbox.host.request.ScanResult.Scanned;
import io.signalbox.host.telemetry.PrefixMetrics;
import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.Signal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the index says after it was told things. Blocks have four bytes, which is one token. */
class PrefixIndexTest {
  private static final BlockHashing HASHING = new BlockHashing(4, 0);

  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final EndpointRegistry registry = new EndpointRegistry();

  private PrefixIndex index(int capacity) {
    return new PrefixIndex("m", capacity, 12_345, new PrefixMetrics(meters));
  }

  private List<RegisteredEndpoint> endpoints(int count) {
    var addresses =
        IntStream.range(0, count)
            .mapToObj(i -> new EndpointAddress("e" + i, "10.0.0." + i, 8000))
            .toList();
    return registry
        .apply(List.of(new ModelConfig("m", "vllm", addresses)))
        .models()
        .getOrDefault("m", List.of());
  }

  private static PromptBlocks blocks(String text) {
    var body = "{\"prompt\": \"" + text + "\"}";
    return new InferenceRequest(
            new Scanned("m", null, false),
            RequestHeaders.of(Map.of()),
            () -> ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)))
        .blocks(HASHING);
  }

  /** A text of one block for each number. */
  private static PromptBlocks blocks(int... numbers) {
    var text = new StringBuilder();
    Arrays.stream(numbers).forEach(number -> text.append(String.format("%04d", number)));
    return blocks(text.toString());
  }

  private record Fleet(List<RegisteredEndpoint> endpoints) implements Candidates {
    @Override
    public int size() {
      return endpoints.size();
    }

    @Override
    public Endpoint endpoint(int index) {
      return endpoints.get(index);
    }

    @Override
    public double[] column(Signal signal) {
      throw new UnsupportedOperationException();
    }
  }

  private static List<Double> cached(
      PrefixIndex index, PromptBlocks prompt, List<RegisteredEndpoint> endpoints) {
    var tokens = new double[endpoints.size() + 1];
    Arrays.fill(tokens, Double.NaN);
    index.cachedTokens(prompt, new Fleet(endpoints), tokens);
    assertThat(tokens[endpoints.size()]).isNaN();
    return Arrays.stream(tokens).limit(endpoints.size()).boxed().toList();
  }

  private double meter(String name) {
    return meters.get(name).meter().measure().iterator().next().getValue();
  }

  @Test
  void anEndpointHasTheBeginningsOfWhatItAccepted() {
    var fleet = endpoints(3);
    var index = index(100);
    index.retain(fleet);
    assertThat(cached(index, blocks("abcdefgh"), fleet)).containsExactly(0.0, 0.0, 0.0);

    index.learn(blocks("abcdefgh"), fleet.get(0));
    index.learn(blocks("abcd"), fleet.get(1));

    assertThat(cached(index, blocks("abcdefghijkl"), fleet)).containsExactly(2.0, 1.0, 0.0);
    assertThat(cached(index, blocks("abcdefgh"), fleet)).containsExactly(2.0, 1.0, 0.0);
    assertThat(cached(index, blocks("abcd"), fleet)).containsExactly(1.0, 1.0, 0.0);
    assertThat(cached(index, blocks("abcdXXXX"), fleet)).containsExactly(1.0, 1.0, 0.0);
    assertThat(cached(index, blocks("XXXXefgh"), fleet)).containsExactly(0.0, 0.0, 0.0);
    assertThat(cached(index, blocks("efgh"), fleet)).containsExactly(0.0, 0.0, 0.0);
    assertThat(cached(index, blocks("abc"), fleet)).containsExactly(0.0, 0.0, 0.0);
  }

  @Test
  void whatIsLearnedIsCounted() {
    var fleet = endpoints(1);
    var index = index(100);
    index.retain(fleet);
    index.learn(blocks("abcdefgh"), fleet.getFirst());
    index.learn(blocks("abcdefghijkl"), fleet.getFirst());

    assertThat(meter("signalbox.prefix.prompt.tokens")).isEqualTo(5);
    assertThat(meter("signalbox.prefix.cached.tokens")).isEqualTo(2);
    assertThat(meter("signalbox.prefix.blocks")).isEqualTo(3);
    assertThat(meter("signalbox.prefix.evicted.blocks")).isZero();
  }

  @Test
  void aLargeIndexWorksAsASmallOne() {
    var fleet = endpoints(1);
    var index = index(300_000);
    assertThat(cached(index, blocks(1, 2), fleet)).containsExactly(0.0);
    index.retain(fleet);
    assertThat(cached(index, blocks(1, 2), fleet)).containsExactly(0.0);
    index.learn(blocks(1, 2), fleet.getFirst());

    assertThat(cached(index, blocks(1, 2, 3), fleet)).containsExactly(2.0);
  }

  @Test
  void aChainLosesItsEndFirst() {
    var fleet = endpoints(2);
    var index = index(4);
    index.retain(fleet);
    index.learn(blocks(1, 2, 3, 4), fleet.get(0));
    index.learn(blocks(9), fleet.get(1));

    assertThat(cached(index, blocks(1, 2, 3, 4), fleet)).containsExactly(3.0, 0.0);
    assertThat(cached(index, blocks(9), fleet)).containsExactly(0.0, 1.0);
    assertThat(meter("signalbox.prefix.evicted.blocks")).isEqualTo(1);
    assertThat(meter("signalbox.prefix.blocks")).isEqualTo(4);
  }

  @Test
  void whatIsSharedAndUsedStays() {
    var fleet = endpoints(1);
    var index = index(6);
    index.retain(fleet);
    index.learn(blocks(1, 2, 10, 11), fleet.getFirst());
    index.learn(blocks(1, 2, 20, 21), fleet.getFirst());
    // Needs two more: the leaves of the chain that was used least recently go.
    index.learn(blocks(1, 2, 30, 31), fleet.getFirst());

    assertThat(cached(index, blocks(1, 2, 10, 11), fleet)).containsExactly(2.0);
    assertThat(cached(index, blocks(1, 2, 20, 21), fleet)).containsExactly(4.0);
    assertThat(cached(index, blocks(1, 2, 30, 31), fleet)).containsExactly(4.0);
  }

  @Test
  void aChainThatGrowsNeverEvictsItself() {
    var fleet = endpoints(1);
    var index = index(4);
    index.retain(fleet);
    index.learn(blocks(9), fleet.getFirst());
    index.learn(blocks(1, 2, 3), fleet.getFirst());
    index.learn(blocks(1, 2, 3, 4), fleet.getFirst());
    assertThat(cached(index, blocks(1, 2, 3, 4), fleet)).containsExactly(4.0);

    index.learn(blocks(1, 2, 3, 4, 5, 6), fleet.getFirst());
    assertThat(cached(index, blocks(1, 2, 3, 4, 5, 6), fleet)).containsExactly(4.0);
    assertThat(cached(index, blocks(9), fleet)).containsExactly(0.0);
  }

  @Test
  void anEndpointThatGoesTakesItsBlocksAlong() {
    var fleet = endpoints(3);
    var index = index(100);
    index.retain(fleet);
    index.learn(blocks(1, 2, 3), fleet.get(0));
    index.learn(blocks(1, 2, 4), fleet.get(1));

    index.retain(fleet.subList(1, 3));
    assertThat(meter("signalbox.prefix.blocks")).isEqualTo(3);
    assertThat(cached(index, blocks(1, 2, 3), fleet)).containsExactly(0.0, 2.0, 0.0);

    // Its number may be another's now, and what it accepted before is no longer learned.
    var other = endpoints(5);
    index.retain(other.subList(1, 5));
    index.learn(blocks(1, 2, 3), fleet.get(0));
    assertThat(cached(index, blocks(1, 2, 3), other)).containsExactly(0.0, 2.0, 0.0, 0.0, 0.0);

    index.retain(other);
    assertThat(cached(index, blocks(1, 2, 3), other)).containsExactly(0.0, 2.0, 0.0, 0.0, 0.0);
  }

  @Test
  void anIndexThatIsClosedHoldsNothing() {
    var fleet = endpoints(1);
    var index = index(100);
    index.retain(fleet);
    index.learn(blocks(1, 2, 3), fleet.getFirst());
    index.close();
    index.learn(blocks(4), fleet.getFirst());

    assertThat(cached(index, blocks(1, 2, 3), fleet)).containsExactly(0.0);
    assertThat(meter("signalbox.prefix.blocks")).isZero();
  }

  /** What the index should say, kept in the plainest way. */
  private static final class Plain {
    private final List<List<int[]>> learned;

    Plain(int endpoints) {
      learned = Stream.<List<int[]>>generate(ArrayList::new).limit(endpoints).toList();
    }

    double depth(int endpoint, int[] prompt) {
      return learned.get(endpoint).stream()
          .mapToInt(other -> {
            int same = Arrays.mismatch(prompt, other);
            return same < 0 ? prompt.length : same;
          })
          .max()
          .orElse(0);
    }
  }

  /** Prompts that share beginnings, as conversations do. */
  private static int[] conversation(SplittableRandom random) {
    int length = 1 + random.nextInt(40);
    var prompt = new int[length];
    prompt[0] = random.nextInt(3);
    for (int i = 1; i < length; i++) {
      prompt[i] = random.nextInt(12) == 0 ? random.nextInt(3) : 0;
    }
    return prompt;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 64, 70, 130})
  void theDepthOfEachEndpointIsFound(int endpoints) {
    var random = new SplittableRandom(endpoints);
    var fleet = endpoints(endpoints);
    var index = index(1 << 16);
    index.retain(fleet);
    var plain = new Plain(endpoints);
    for (int i = 0; i < 400; i++) {
      var prompt = conversation(random);
      int endpoint = random.nextInt(endpoints);
      plain.learned.get(endpoint).add(prompt);
      index.learn(blocks(prompt), fleet.get(endpoint));

      var asked = conversation(random);
      assertThat(cached(index, blocks(asked), fleet))
          .isEqualTo(
              IntStream.range(0, endpoints)
                  .mapToObj(number -> plain.depth(number, asked))
                  .toList());
    }
  }

  /** Whatever is evicted, nobody is said to hold more than was learned, and no chain has a hole. */
  @Test
  void evictionTakesLeavesOnly() {
    var random = new SplittableRandom(7);
    var table = new BlockTable(50, 99);
    for (int i = 0; i < 5_000; i++) {
      var prompt = blocks(conversation(random));
      table.learn(prompt, random.nextInt(4));
      assertThat(table.size()).isLessThanOrEqualTo(50);
      var asked = blocks(conversation(random));
      var before = table.holders(asked.hash(0));
      for (int depth = 1; depth < asked.size(); depth++) {
        var deeper = table.holders(asked.hash(depth));
        for (int endpoint = 0; endpoint < 4; endpoint++) {
          assertThat(deeper.contains(endpoint) && !before.contains(endpoint)).isFalse();
        }
        before = deeper;
      }
      if (i % 500 == 0) {
        table.remove(random.nextInt(4));
      }
    }
    for (int endpoint = 0; endpoint < 4; endpoint++) {
      table.remove(endpoint);
    }
    assertThat(table.size()).isZero();
    assertThat(table.evicted()).isPositive();
  }

  /** Readers and writers at once: nobody is said to hold a prompt that nobody ever taught it. */
  @Test
  void readersNeverSeeWhatWasNotLearned() throws Exception {
    var fleet = endpoints(3);
    // Small, so that slots are used for other blocks all the time.
    var index = index(200);
    index.retain(fleet);
    var over = new AtomicBoolean();
    try (var threads = Executors.newFixedThreadPool(4)) {
      var writers =
          IntStream.range(0, 2).mapToObj(i -> threads.submit(writer(index, fleet, i, over)));
      var readers =
          IntStream.range(0, 2).mapToObj(i -> threads.submit(reader(index, fleet, i, over)));
      for (Future<Integer> done : Stream.concat(writers, readers).toList()) {
        assertThat(done.get()).isPositive();
      }
    }
  }

  /** Endpoint 0 learns prompts with even first blocks, 1 those with odd ones, 2 nothing. */
  private static Callable<Integer> writer(
      PrefixIndex index, List<RegisteredEndpoint> fleet, int seed, AtomicBoolean over) {
    return () -> {
      var random = new SplittableRandom(seed);
      int learned = 0;
      for (; learned < 20_000; learned++) {
        int first = random.nextInt(40);
        index.learn(blocks(first, random.nextInt(9), random.nextInt(9)), fleet.get(first % 2));
      }
      over.set(true);
      return learned;
    };
  }

  private static Callable<Integer> reader(
      PrefixIndex index, List<RegisteredEndpoint> fleet, int seed, AtomicBoolean over) {
    return () -> {
      var random = new SplittableRandom(seed);
      var candidates = new Fleet(fleet);
      var tokens = new double[3];
      int read = 0;
      for (; read < 1000 || !over.get(); read++) {
        int first = random.nextInt(40);
        var prompt = blocks(first, random.nextInt(9), random.nextInt(9));
        index.cachedTokens(prompt, candidates, tokens);
        assertThat(tokens[first % 2]).isBetween(0.0, 3.0);
        assertThat(tokens[1 - first % 2]).isZero();
        assertThat(tokens[2]).isZero();
      }
      return read;
    };
  }
}
