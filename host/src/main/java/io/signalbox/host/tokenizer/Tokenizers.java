package io.signalbox.host.tokenizer;

import io.signalbox.host.request.TokenCounter;
import io.signalbox.host.telemetry.TokenizerMetrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
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
  private volatile Map<String, Loading> byModel = Map.of();

  /** A file and what becomes of it. */
  private record Loading(Path file, Future<LoadedTokenizer> tokenizer) {}

  /** No tokenizers yet; their threads end with Vert.x. */
  public Tokenizers(Vertx vertx, TokenizerMetrics metrics) {
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
    if (waiting.incrementAndGet() > MOST_WAITING) {
      waiting.decrementAndGet();
      metrics.refused();
      return Future.failedFuture("too many prompts wait to be counted");
    }
    return workers
        .executeBlocking(() -> loading.tokenizer().result().count(text), false)
        .map(Objects::requireNonNull)
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
