package io.signalbox.host.prefill;

import io.signalbox.host.chain.Router;
import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.config.PrefillDecodeConfig;
import io.signalbox.host.engine.EngineClient;
import io.signalbox.host.telemetry.PrefillMetrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;

/** What the handovers of one event loop are made with, and for which requests there are any. */
public final class Prefills {
  /** The calls that a request makes at most, one after the other. */
  static final int MAX_CALLS = 2;

  /** Larger bodies are read and put together on a worker. */
  private static final int LARGEST_INLINE_BYTES = 256 * 1024;

  private static final String COMPLETIONS = "/completions";

  private final Vertx vertx;
  private final EngineClient engines;
  private final Parts parts;

  /**
   * What handovers are made with.
   *
   * @param models how a model's endpoints work together, by the configuration in use
   * @param router of the same event loop
   * @param random used by this event loop only
   */
  public record Parts(
      Function<String, PrefillDecodeConfig> models,
      Router router,
      PrefillMetrics metrics,
      RandomGenerator random) {}

  /**
   * For the event loop of the calling context.
   *
   * @param engines closed by {@link #close}
   */
  public Prefills(Vertx vertx, EngineClient engines, Parts parts) {
    this.vertx = vertx;
    this.engines = engines;
    this.parts = parts;
  }

  /** Whether the prefill endpoints of this model's pairs are called by us. */
  public boolean calls(String model) {
    return config(model).calls();
  }

  /**
   * Whether a decision needs a {@link Handover}: its prompt is computed elsewhere, and by a call of
   * ours. What generates nothing is not split.
   *
   * @param path of the request, with or without a query
   */
  public boolean concerns(Picked choice, String path) {
    return choice.prefill().isPresent()
        && withoutQuery(path).endsWith(COMPLETIONS)
        && calls(choice.endpoint().model());
  }

  private static String withoutQuery(String path) {
    int query = path.indexOf('?');
    return query < 0 ? path : path.substring(0, query);
  }

  /** How long a request of this model may wait for a handover at most; 0 where there is none. */
  public Duration longest(String model) {
    var config = config(model);
    return config.calls() ? config.timeout().multipliedBy(MAX_CALLS) : Duration.ZERO;
  }

  /** A handover of one request, to be told to {@link Handover#begin}. */
  public Handover handOver(PairRequest request, Handover.Receiver receiver) {
    return new Handover(this, request, receiver);
  }

  /**
   * A call of the decode endpoint of a choice by us.
   *
   * @param room told how many bytes of the answer are to be held more; where that is refused, the
   *     call is cancelled
   */
  public DecodeCall decode(PairRequest request, Picked choice, IntPredicate room) {
    return new DecodeCall(engines, request, choice, room);
  }

  private PrefillDecodeConfig config(String model) {
    return parts.models().apply(model);
  }

  /** How long one call for this model may take. */
  Duration timeout(String model) {
    return config(model).timeout();
  }

  /** The dialect of this model's engines; empty where nobody of us calls them. */
  Optional<Transfer> transfer(String model) {
    var config = config(model);
    return switch (config.dialect()) {
      case SIDECAR -> Optional.empty();
      case NIXL -> Optional.of(new Nixl());
      case SHARED_STORAGE -> Optional.of(new SharedStorage());
      case MOONCAKE -> Optional.of(new Mooncake(config, engines, parts.random()));
      case SGLANG -> Optional.of(new Sglang(config, parts.random()));
      case TENSORRT_LLM -> Optional.of(new TensorRtLlm(parts.random()));
    };
  }

  /** Works on a body of so many bytes; the result arrives on the caller's context. */
  <T> Future<T> work(int bytes, Callable<T> work) {
    if (bytes > LARGEST_INLINE_BYTES) {
      return vertx.executeBlocking(work, false).map(Objects::requireNonNull);
    }
    try {
      return Future.succeededFuture(work.call());
    } catch (Exception e) {
      return Future.failedFuture(e);
    }
  }

  Vertx vertx() {
    return vertx;
  }

  Router router() {
    return parts.router();
  }

  EngineClient engines() {
    return engines;
  }

  PrefillMetrics metrics() {
    return parts.metrics();
  }

  /** Closes the connections. */
  public Future<Void> close() {
    return engines.close();
  }
}
