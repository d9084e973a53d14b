package io.signalbox.host.tokenizer;

import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.request.TokenCounter;
import io.signalbox.host.telemetry.TokenizerMetrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tokenizers of the models that have one configured, each loaded once from its {@code
 * tokenizer.json} and run on threads of their own. Until one is loaded, and where it cannot be,
 * prompts stay estimated.
 *
 * <p>{@link #apply} is called by one thread at a time, the rest by any.
 */
public final class Tokenizers implements TokenCounter {
  /** A decision waits this long at most: an estimate now is worth more than a count later. */
  static final Duration PATIENCE = Duration.ofMillis(100);

  /** Prompts that may be counted or wait for it at a time; one more is estimated. */
  static final int MOST_WAITING = 256;

  private static final int THREADS = 2;
  private static final Logger LOG = LoggerFactory.getLogger(Tokenizers.class);

  private final WorkerExecutor workers;
  private final TokenizerMetrics metrics;
  private final AtomicInteger waiting = new AtomicInteger();
  private final EngineTokenizers engines;
  private final Predicate<String> tokensMatter;
  private volatile Map<String, Loading> byModel = Map.of();

  /** A file and what becomes of it. */
  private record Loading(Path file, Future<LoadedTokenizer> tokenizer) {}

  /** No tokenizers yet, and to nobody it matters which tokens prompts have, but how many. */
  public Tokenizers(Vertx vertx, TokenizerMetrics metrics) {
    this(vertx, metrics, model -> false);
  }

  /**
   * No tokenizers yet; their threads end with Vert.x.
   *
   * @param tokensMatter of which models it matters which tokens their prompts have; any thread asks
   */
  public Tokenizers(Vertx vertx, TokenizerMetrics metrics, Predicate<String> tokensMatter) {
    this.engines = new EngineTokenizers(vertx);
    this.tokensMatter = tokensMatter;
    this.workers = vertx.createSharedWorkerExecutor("tokenizers", THREADS, 1, TimeUnit.MINUTES);
    this.metrics = metrics;
  }

  /**
   * Has these tokenizers from now on, and none else. One whose file has the same name stays as it
   * is.
   *
   * @param files by model
   */
  public void apply(Map<String, Path> files) {
    var before = byModel;
    var next = new HashMap<String, Loading>();
    files.forEach((model, file) -> {
      var known = before.get(model);
      boolean same = known != null && known.file().equals(file);
      next.put(model, same ? known : load(model, file));
    });
    byModel = Map.copyOf(next);
    before.values().stream().filter(old -> !next.containsValue(old)).forEach(this::unload);
  }

  private Loading load(String model, Path file) {
    var tokenizer =
        workers
            .executeBlocking(() -> NativeTokenizer.load(file), false)
            .map(Objects::requireNonNull)
            .onSuccess(loaded -> LOG.info("tokenizer of model {} loaded from {}", model, file))
            .onFailure(cause -> {
              metrics.failed();
              LOG.warn(
                  "tokenizer of model {} cannot be loaded from {}, its prompts stay estimated: {}",
                  model,
                  file,
                  String.valueOf(cause));
            });
    return new Loading(file, tokenizer);
  }

  private void unload(Loading old) {
    old.tokenizer()
        .onSuccess(loaded -> {
          var _ =
              workers.executeBlocking(
                  () -> {
                    loaded.close();
                    return old.file();
                  },
                  false);
        });
  }

  /**
   * Asks these engines for the tokens of prompts from now on, and none else.
   *
   * @param sockets by model
   */
  public void ask(Map<String, List<SocketAddress>> sockets) {
    engines.apply(sockets);
  }

  @Override
  public boolean tokenizes(InferenceRequest request) {
    return tokensMatter.test(request.model())
        && (engines.has(request.model()) || (request.isPlainPrompt() && counts(request.model())));
  }

  @Override
  public Future<int[]> tokenize(InferenceRequest request) {
    var model = request.model();
    if (engines.has(model)) {
      return bounded(() -> engines.tokens(request, PATIENCE.toMillis()));
    }
    var loading = byModel.get(model);
    if (loading == null || !loading.tokenizer().succeeded()) {
      return Future.failedFuture("no tokenizer");
    }
    return bounded(() ->
        workers
            .executeBlocking(() -> loading.tokenizer().result().tokens(request.prompt()), false)
            .map(Objects::requireNonNull));
  }

  @Override
  public boolean counts(String model) {
    var loading = byModel.get(model);
    return loading != null && loading.tokenizer().succeeded();
  }

  @Override
  public Future<Integer> count(String model, String text) {
    var loading = byModel.get(model);
    if (loading == null || !loading.tokenizer().succeeded()) {
      return Future.failedFuture("no tokenizer");
    }
    return bounded(() ->
        workers
            .executeBlocking(() -> loading.tokenizer().result().count(text), false)
            .map(Objects::requireNonNull));
  }

  private <T> Future<T> bounded(Supplier<Future<T>> work) {
    if (waiting.incrementAndGet() > MOST_WAITING) {
      waiting.decrementAndGet();
      metrics.refused();
      return Future.failedFuture("too many prompts wait to be counted");
    }
    return work.get()
        .onComplete(counted -> waiting.decrementAndGet())
        .timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .onSuccess(counted -> metrics.counted())
        .onFailure(this::failed);
  }

  private void failed(Throwable cause) {
    if (cause instanceof TimeoutException) {
      metrics.late();
    } else {
      metrics.failed();
    }
  }
}
