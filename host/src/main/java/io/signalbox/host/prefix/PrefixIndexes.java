package io.signalbox.host.prefix;

import io.signalbox.host.config.PrefixIndexConfig;
import io.signalbox.host.endpoint.ExchangeListener;
import io.signalbox.host.endpoint.Fleet;
import io.signalbox.host.request.BlockHashing;
import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.telemetry.PrefixMetrics;
import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.RouteRequest;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * The prefix indexes of all models. They learn from every request that an engine accepted and whose
 * decision looked at the index: who asks for no {@code CACHED_TOKENS} pays for no hashing.
 *
 * <p>Safe for any thread; {@link #apply} alone may wait.
 */
public final class PrefixIndexes implements ExchangeListener {
  private final PrefixMetrics metrics;
  private final long secret;
  private volatile State state =
      new State(PrefixIndexConfig.DEFAULT, hashing(PrefixIndexConfig.DEFAULT), Map.of());

  private record State(
      PrefixIndexConfig config, BlockHashing hashing, Map<String, PrefixIndex> indexes) {}

  /**
   * Indexes of no model.
   *
   * @param random says once in which order blocks lie, which clients must not be able to choose
   */
  public PrefixIndexes(PrefixMetrics metrics, RandomGenerator random) {
    this.metrics = metrics;
    this.secret = random.nextLong();
  }

  private static BlockHashing hashing(PrefixIndexConfig config) {
    return new BlockHashing(config.blockBytes(), config.seed());
  }

  /**
   * Knows these models and endpoints from now on, and forgets others; with another configuration
   * than before it forgets everything. Not for an event loop.
   */
  public synchronized void apply(PrefixIndexConfig config, Fleet fleet) {
    var before = state;
    boolean same = config.equals(before.config());
    var indexes = new TreeMap<String, PrefixIndex>();
    fleet
        .models()
        .forEach((model, endpoints) -> {
          var known = same ? before.indexes().get(model) : null;
          var index =
              known == null ? new PrefixIndex(model, config.blocks(), secret, metrics) : known;
          index.retain(endpoints);
          indexes.put(model, index);
        });
    state = new State(config, hashing(config), Map.copyOf(indexes));
    before
        .indexes()
        .forEach((model, index) -> {
          if (indexes.get(model) != index) {
            index.close();
          }
        });
  }

  /**
   * Fills in how many tokens of the request's prompt each candidate has cached, from the start on:
   * 0 where nothing is known of it, {@code NaN} for a request without a prompt, or one that came
   * from elsewhere.
   *
   * @param into at least {@code candidates.size()} long
   */
  public void cachedTokens(RouteRequest request, Candidates candidates, double[] into) {
    var now = state;
    var index = now.indexes().get(request.model());
    if (index != null
        && request instanceof InferenceRequest inference
        && !Double.isNaN(request.promptTokens())) {
      index.cachedTokens(inference.blocks(now.hashing()), candidates, into);
    } else {
      Arrays.fill(into, 0, candidates.size(), Double.NaN);
    }
  }

  @Override
  public void onAccepted(RouteRequest request, Endpoint endpoint) {
    var now = state;
    var index = now.indexes().get(request.model());
    if (index != null && request instanceof InferenceRequest inference) {
      inference
          .hashedBlocks(now.hashing())
          .filter(blocks -> blocks.size() > 0)
          .ifPresent(blocks -> index.learn(blocks, endpoint));
    }
  }
}
