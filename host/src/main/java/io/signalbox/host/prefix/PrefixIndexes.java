package io.signalbox.host.prefix;

import io.signalbox.host.config.PrefixIndexConfig;
import io.signalbox.host.endpoint.ExchangeListener;
import io.signalbox.host.endpoint.Fleet;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.request.BlockHashing;
import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.telemetry.PrefixMetrics;
import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.RouteRequest;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The prefix indexes of all models: for each, one that learns from every request that an engine
 * accepted and whose decision looked at the index (who asks for no {@code CACHED_TOKENS} pays for
 * no hashing), and one of what engines tell themselves, which counts where there is any.
 *
 * <p>Safe for any thread; {@link #apply} alone may wait.
 */
public final class PrefixIndexes implements ExchangeListener {
  private final PrefixMetrics metrics;
  private final long secret;
  private volatile State state =
      new State(PrefixIndexConfig.DEFAULT, hashing(PrefixIndexConfig.DEFAULT), Map.of());

  private record State(
      PrefixIndexConfig config, BlockHashing hashing, Map<String, ModelIndexes> models) {
    @Nullable ModelIndexes of(String model) {
      return models.get(model);
    }
  }

  /** What was learned of a model's endpoints, and what they tell themselves. */
  private record ModelIndexes(PrefixIndex learned, EventIndex told) {
    void close() {
      learned.close();
      told.close();
    }
  }

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
    var models = new TreeMap<String, ModelIndexes>();
    fleet
        .models()
        .forEach((model, endpoints) -> {
          var known = same ? before.of(model) : null;
          var indexes = known == null ? indexes(model, config) : known;
          indexes.learned().retain(endpoints);
          indexes.told().retain(endpoints);
          models.put(model, indexes);
        });
    state = new State(config, hashing(config), Map.copyOf(models));
    before
        .models()
        .forEach((model, indexes) -> {
          if (!models.containsValue(indexes)) {
            indexes.close();
          }
        });
  }

  private ModelIndexes indexes(String model, PrefixIndexConfig config) {
    return new ModelIndexes(
        new PrefixIndex(model, config.blocks(), secret, metrics),
        new EventIndex(config.eventBlocks(), secret, hashing(config), metrics));
  }

  /**
   * The KV cache of one data-parallel rank of an endpoint, for who hears what its engine tells;
   * empty where the endpoint is not known. It is another one after a change of the configuration,
   * and of a fleet that did without the endpoint meanwhile.
   */
  public Optional<EngineCache> cache(RegisteredEndpoint endpoint, int rank) {
    return Optional.ofNullable(state.of(endpoint.model()))
        .map(indexes -> indexes.told().cache(endpoint, rank));
  }

  /** Whether the engines of this endpoint tell what they have, and somebody hears it. */
  public boolean knows(RegisteredEndpoint endpoint) {
    var indexes = state.of(endpoint.model());
    return indexes != null && indexes.told().knows(endpoint);
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
    var indexes = now.of(request.model());
    if (indexes != null
        && request instanceof InferenceRequest inference
        && !Double.isNaN(request.promptTokens())) {
      indexes.learned().cachedTokens(inference.blocks(now.hashing()), candidates, into);
      if (indexes.told().isInUse() && inference.hasTokens()) {
        indexes.told().refine(inference, candidates, into);
      }
    } else {
      Arrays.fill(into, 0, candidates.size(), Double.NaN);
    }
  }

  @Override
  public void onAccepted(RouteRequest request, Endpoint endpoint) {
    var now = state;
    var indexes = now.of(request.model());
    if (indexes != null && request instanceof InferenceRequest inference) {
      inference
          .hashedBlocks(now.hashing())
          .filter(blocks -> blocks.size() > 0)
          .ifPresent(blocks -> indexes.learned().learn(blocks, endpoint));
    }
  }
}
