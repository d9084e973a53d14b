package io.signalbox.host.prefix;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.config.PrefixIndexConfig;
import io.signalbox.host.endpoint.EndpointRegistry;
import io.signalbox.host.endpoint.Fleet;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.prefix.EngineCache.Stored;
import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.request.RequestHeaders;
import io.signalbox.host.request.ScanResult.Scanned;
import io.signalbox.host.telemetry.PrefixMetrics;
import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.Signal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The index of what engines tell. Blocks have two tokens; engines call block n {@code 100 + n}. */
class EventIndexTest {
  private static final PrefixIndexConfig CONFIG = new PrefixIndexConfig(1024, 1024, 128, 0);

  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final PrefixIndexes indexes =
      new PrefixIndexes(new PrefixMetrics(meters), new SplittableRandom(1));
  private Fleet fleet = Fleet.EMPTY;

  @BeforeEach
  void three() {
    use(3);
  }

  private void use(int endpoints) {
    use(endpoints, CONFIG);
  }

  private void use(int endpoints, PrefixIndexConfig config) {
    var addresses =
        IntStream.range(0, endpoints)
            .mapToObj(i -> new EndpointAddress("e" + i, "10.0.0." + i, 8000))
            .toList();
    fleet = new EndpointRegistry().apply(List.of(new ModelConfig("m", "vllm", addresses)));
    indexes.apply(config, fleet);
  }

  private RegisteredEndpoint endpoint(int number) {
    return fleet.endpoints().get(number);
  }

  private EngineCache cache(int endpoint) {
    return cache(endpoint, 0);
  }

  private EngineCache cache(int endpoint, int rank) {
    var cache = indexes.cache(endpoint(endpoint), rank).orElseThrow();
    if (cache.knowledge() == Knowledge.NOTHING) {
      cache.knowledge(Knowledge.ALL);
    }
    return cache;
  }

  /** A prompt has the tokens {@code 2n, 2n + 1} as block n of a chain that begins with 1. */
  private static BlockRun run(OptionalLong parent, CacheTier tier, int... numbers) {
    return new BlockRun(
        Arrays.stream(numbers).mapToLong(n -> 100 + n).toArray(),
        parent,
        Arrays.stream(numbers).flatMap(n -> IntStream.of(2 * n, 2 * n + 1)).toArray(),
        new long[numbers.length],
        tier);
  }

  private static BlockRun begin(int... numbers) {
    return run(OptionalLong.empty(), CacheTier.DEVICE, numbers);
  }

  private static BlockRun after(int parent, int... numbers) {
    return run(OptionalLong.of(100 + parent), CacheTier.DEVICE, numbers);
  }

  private static InferenceRequest prompt(int... numbers) {
    var ids =
        Arrays.stream(numbers)
            .flatMap(n -> IntStream.of(2 * n, 2 * n + 1))
            .mapToObj(String::valueOf)
            .collect(Collectors.joining(","));
    return request("{\"prompt\": [" + ids + "]}");
  }

  private static InferenceRequest request(String body) {
    return new InferenceRequest(
        new Scanned("m", null, false),
        RequestHeaders.of(Map.of()),
        () -> ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)));
  }

  private record All(List<RegisteredEndpoint> endpoints) implements Candidates {
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

  private List<Double> cached(InferenceRequest request) {
    var tokens = new double[fleet.endpoints().size()];
    indexes.cachedTokens(request, new All(fleet.endpoints()), tokens);
    return Arrays.stream(tokens).boxed().toList();
  }

  private double blocks() {
    return meters.get("signalbox.kv.blocks").gauge().value();
  }

  @Test
  void blocksAreChainedInOneEventAndAcrossEvents() {
    assertThat(cache(0).stored(begin(1, 2))).isEqualTo(Stored.KNOWN);
    assertThat(cache(0).stored(after(2, 3))).isEqualTo(Stored.KNOWN);
    assertThat(cache(1).stored(begin(1))).isEqualTo(Stored.KNOWN);

    assertThat(cached(prompt(1, 2, 3, 4))).containsExactly(6.0, 2.0, 0.0);
    assertThat(cached(prompt(1, 3))).containsExactly(2.0, 2.0, 0.0);
    assertThat(cached(prompt(2, 3))).containsExactly(0.0, 0.0, 0.0);
    assertThat(blocks()).isEqualTo(4);
  }

  @Test
  void enginesMayCallTheSameBlocksOtherwise() {
    cache(0).stored(begin(1, 2));
    cache(1)
        .stored(
            new BlockRun(
                new long[] {102, 101},
                OptionalLong.empty(),
                new int[] {2, 3, 4, 5},
                new long[2],
                CacheTier.DEVICE));

    assertThat(cached(prompt(1, 2))).containsExactly(4.0, 4.0, 0.0);
    cache(1).removed(new long[] {101}, CacheTier.DEVICE);
    assertThat(cached(prompt(1, 2))).containsExactly(4.0, 2.0, 0.0);
  }

  @Test
  void onlyWhoSaysSoLosesABlock() {
    cache(0).stored(begin(1, 2));
    cache(1).stored(begin(1, 2));

    assertThat(cache(0).removed(new long[] {102, 999}, CacheTier.DEVICE)).isEqualTo(1);
    assertThat(cached(prompt(1, 2))).containsExactly(2.0, 4.0, 0.0);
    cache(1).cleared();
    assertThat(cached(prompt(1, 2))).containsExactly(2.0, 0.0, 0.0);
    assertThat(blocks()).isEqualTo(1);
  }

  @Test
  void aBlockThatIsThereTwiceGoesWithItsSecondCopy() {
    cache(0).stored(begin(1, 2));
    cache(0).stored(begin(1, 2));
    cache(0).removed(new long[] {102}, CacheTier.DEVICE);
    assertThat(cached(prompt(1, 2)).getFirst()).isEqualTo(4);
    cache(0).removed(new long[] {102}, CacheTier.DEVICE);
    assertThat(cached(prompt(1, 2)).getFirst()).isEqualTo(2);
  }

  @Test
  void whatFollowsAnUnknownBlockIsUnknown() {
    assertThat(cache(0).stored(after(1, 2))).isEqualTo(Stored.ORPHANED);
    assertThat(blocks()).isZero();
  }

  @Test
  void whatIsInALowerTierIsWorthLess() {
    cache(0).stored(begin(1, 2, 3, 4));
    cache(0).stored(run(OptionalLong.of(104), CacheTier.LOWER, 5));
    assertThat(cached(prompt(1, 2, 3, 4, 5)).getFirst()).isEqualTo(8);

    cache(0).stored(run(OptionalLong.of(103), CacheTier.LOWER, 4));
    cache(0).removed(new long[] {104}, CacheTier.DEVICE);
    // Three blocks on the device, or five of which two must be brought back.
    assertThat(cached(prompt(1, 2, 3, 4, 5)).getFirst()).isEqualTo(0.8 * 10);
    cache(0).removed(new long[] {105}, CacheTier.LOWER);
    assertThat(cached(prompt(1, 2, 3, 4, 5)).getFirst()).isEqualTo(0.8 * 8);
    cache(0).removed(new long[] {104}, CacheTier.LOWER);
    assertThat(cached(prompt(1, 2, 3, 4, 5)).getFirst()).isEqualTo(6);
    cache(0).cleared();
    assertThat(cached(prompt(1, 2, 3, 4, 5)).getFirst()).isZero();
  }

  @Test
  void theRankThatHasMostCounts() {
    cache(0, 0).stored(begin(1));
    cache(0, 3).stored(begin(1, 2));
    assertThat(cached(prompt(1, 2, 3)).getFirst()).isEqualTo(4);
    cache(0, 3).cleared();
    assertThat(cached(prompt(1, 2, 3)).getFirst()).isEqualTo(2);
  }

  @Test
  void anImageInABlockIsNotItsTokens() {
    cache(0)
        .stored(
            new BlockRun(
                new long[] {101, 102, 103},
                OptionalLong.empty(),
                new int[] {2, 3, 4, 5, 6, 7},
                new long[] {0, 77, 0},
                CacheTier.DEVICE));

    assertThat(cached(prompt(1, 2, 3)).getFirst()).isEqualTo(2);
  }

  @Test
  void blocksHaveTheSizeThatEnginesSay() {
    cache(0).stored(begin(1, 2));
    cache(1)
        .stored(
            new BlockRun(
                new long[] {7},
                OptionalLong.empty(),
                new int[] {2, 3, 4, 5},
                new long[1],
                CacheTier.DEVICE));

    assertThat(cached(prompt(1, 2, 3))).containsExactly(4.0, 4.0, 0.0);
    assertThat(cached(prompt(1, 3))).containsExactly(2.0, 0.0, 0.0);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    var numbers = IntStream.range(0, 1024).toArray();
    assertThat(cache(0).stored(begin(numbers))).isEqualTo(Stored.KNOWN);
    assertThat(cache(1).stored(begin(1))).isEqualTo(Stored.REFUSED);
    cache(0).removed(new long[] {1123}, CacheTier.DEVICE);
    assertThat(cache(1).stored(begin(1))).isEqualTo(Stored.KNOWN);
  }

  @Test
  void anEndpointThatGoesIsForgotten() {
    cache(0).stored(begin(1));
    var gone = cache(2);
    gone.stored(begin(1, 2));
    use(2);
    assertThat(blocks()).isEqualTo(1);
    assertThat(gone.stored(begin(1))).isEqualTo(Stored.REFUSED);

    use(3);
    assertThat(cached(prompt(1, 2))).containsExactly(2.0, 0.0, 0.0);
    cache(2).stored(begin(1));
    assertThat(cached(prompt(1, 2))).containsExactly(2.0, 0.0, 2.0);
  }

  @Test
  void learnedAndToldGoTogether() {
    // Sixteen tokens are one block of what is learned; two requests that an engine accepted.
    var numbers = IntStream.range(1, 17).toArray();
    for (int endpoint = 0; endpoint < 3; endpoint++) {
      var request = prompt(numbers);
      cached(request);
      indexes.onAccepted(request, endpoint(endpoint));
    }
    assertThat(cached(prompt(numbers))).containsExactly(32.0, 32.0, 32.0);

    cache(0).stored(begin(1));
    cache(1).knowledge(Knowledge.PART);
    cache(1).stored(begin(1));
    assertThat(cached(prompt(numbers))).containsExactly(2.0, 32.0, 32.0);
    assertThat(indexes.knows(endpoint(0))).isTrue();
    assertThat(indexes.knows(endpoint(1))).isTrue();
    assertThat(indexes.knows(endpoint(2))).isFalse();

    cache(0).knowledge(Knowledge.NOTHING);
    assertThat(cached0(prompt(numbers))).isEqualTo(32);
  }

  /** Without {@link #cache} saying that everything is known. */
  private double cached0(InferenceRequest request) {
    return cached(request).getFirst();
  }

  @Test
  void textThatNobodyTokenizedIsWhatWasLearned() {
    cache(0).stored(begin(1));
    assertThat(cached(request("{\"prompt\": \"" + "x".repeat(256) + "\"}")))
        .containsExactly(0.0, 0.0, 0.0);

    var tokenized = request("{\"prompt\": \"x\"}");
    tokenized.tokenized(new int[] {2, 3, 4});
    assertThat(cached(tokenized)).containsExactly(2.0, 0.0, 0.0);
    assertThat(tokenized.promptTokens()).isEqualTo(3);
  }

  /** Against lists of blocks: engines that compute, and drop the ends of prompts. */
  @Test
  void theDepthOfEachEngineIsFound() {
    int engines = 70;
    use(engines, new PrefixIndexConfig(1024, 100_000, 128, 0));
    var random = new SplittableRandom(11);
    var plain = IntStream.range(0, engines).mapToObj(i -> new PlainCache()).toList();
    for (int i = 0; i < 3_000; i++) {
      int engine = random.nextInt(engines);
      var prompt = conversation(random);
      plain.get(engine).compute(prompt, cache(engine));
      if (random.nextInt(4) == 0) {
        plain.get(engine).drop(random, cache(engine));
      }
      var asked = conversation(random);
      assertThat(cached(prompt(asked)))
          .isEqualTo(plain.stream().map(cache -> 2.0 * cache.depth(asked)).toList());
    }
  }

  private static int[] conversation(SplittableRandom random) {
    return IntStream.range(0, 1 + random.nextInt(12))
        .map(i -> random.nextInt(6) == 0 ? 2 : 1)
        .toArray();
  }

  /** Prompts by what an engine that hashes with {@code Arrays.hashCode} would call their blocks. */
  private static final class PlainCache {
    private final Map<List<Integer>, Long> names = new java.util.HashMap<>();

    void compute(int[] prompt, EngineCache cache) {
      for (int length = 1; length <= prompt.length; length++) {
        var block = Arrays.stream(prompt).limit(length).boxed().toList();
        if (names.putIfAbsent(block, name(block)) == null) {
          int number = block.getLast();
          var parent =
              length == 1
                  ? OptionalLong.empty()
                  : OptionalLong.of(name(block.subList(0, length - 1)));
          cache.stored(
              new BlockRun(
                  new long[] {name(block)},
                  parent,
                  new int[] {2 * number, 2 * number + 1},
                  new long[1],
                  CacheTier.DEVICE));
        }
      }
    }

    private static long name(List<Integer> block) {
      long hash = 1;
      for (int number : block) {
        hash = hash * 0x9e3779b97f4a7c15L + number;
      }
      return hash;
    }

    /** One block that no other goes on from. */
    void drop(SplittableRandom random, EngineCache cache) {
      var leaves =
          names.keySet().stream()
              .filter(block ->
                  names.keySet().stream()
                      .noneMatch(other ->
                          other.size() == block.size() + 1
                              && other.subList(0, block.size()).equals(block)))
              .sorted((a, b) -> a.toString().compareTo(b.toString()))
              .toList();
      var leaf = leaves.get(random.nextInt(leaves.size()));
      names.remove(leaf);
      cache.removed(new long[] {name(leaf)}, CacheTier.DEVICE);
    }

    int depth(int[] prompt) {
      int depth = 0;
      while (depth < prompt.length
          && names.containsKey(Arrays.stream(prompt).limit(depth + 1).boxed().toList())) {
        depth++;
      }
      return depth;
    }
  }

  /** While an engine tells, nobody is said to have what nobody told of. */
  @Test
  void readersNeverSeeWhatWasNotTold() throws Exception {
    var over = new AtomicBoolean();
    cache(1).stored(begin(1));
    try (var threads = Executors.newFixedThreadPool(2)) {
      var cache = cache(0);
      var telling =
          threads.submit(() -> {
            for (int i = 0; i < 50_000; i++) {
              cache.stored(begin(1, 2, 3));
              cache.stored(after(3, i % 500 + 10));
              cache.removed(new long[] {110 + i % 500, 103}, CacheTier.DEVICE);
              cache.removed(new long[] {102, 101}, CacheTier.DEVICE);
            }
            over.set(true);
          });
      int read = 0;
      for (; read < 1_000 || !over.get(); read++) {
        var tokens = cached(prompt(1, 2, 3, 10, 11));
        assertThat(tokens.get(0)).isBetween(0.0, 8.0);
        assertThat(tokens.get(1)).isEqualTo(2);
        assertThat(tokens.get(2)).isZero();
      }
      telling.get();
    }
  }
}
