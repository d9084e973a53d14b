package io.signalbox.host.limits;

import io.signalbox.host.config.AccessConfig;
import io.signalbox.host.telemetry.LimitMetrics;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to Redis, on an event loop of its own choice: what is asked goes out at once and
 * in order, without waiting for answers that are under way. Whatever goes wrong with it, it counts
 * as away until a new connection answers. Safe for any thread; nothing blocks.
 */
final class RedisLink {
  private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);
  private static final long SHORTEST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 2_000;
  private static final long CONNECT_MILLIS = 1_000;

  /** Questions under way at a time; what is asked beyond fails. */
  private static final int MOST_WAITING = 16_384;

  private final Vertx vertx;
  private final Context context;
  private final AccessConfig.Redis config;
  private final RedisOptions options;
  private final LimitMetrics metrics;
  private final Runnable whenBack;
  private volatile @Nullable Talk talk;
  private volatile boolean closed;
  private boolean told;
  private long pauseMillis = SHORTEST_PAUSE_MILLIS;

  /** A connection and the client that it alone belongs to. */
  private static final class Talk {
    private final Redis client;
    private final RedisConnection connection;

    Talk(Redis client, RedisConnection connection) {
      this.client = client;
      this.connection = connection;
    }
  }

  /**
   * Not connected yet.
   *
   * @param password empty: none is asked for
   * @param whenBack runs on the link's event loop whenever Redis answers, the first time too
   */
  RedisLink(
      Vertx vertx,
      AccessConfig.Redis config,
      Optional<String> password,
      LimitMetrics metrics,
      Runnable whenBack) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.config = config;
    this.metrics = metrics;
    this.whenBack = whenBack;
    this.options =
        new RedisOptions()
            .setConnectionString("redis://" + config.server() + "/" + config.database())
            .setMaxPoolSize(1)
            .setMaxPoolWaiting(1)
            .setMaxWaitingHandlers(MOST_WAITING);
    password.ifPresent(options::setPassword);
  }

  /** Connects; ends when that succeeded, or failed for the first time. */
  Future<Void> start() {
    var first = Promise.<Void>promise();
    context.runOnContext(turn -> connect().onComplete(done -> first.complete()));
    return first.future();
  }

  boolean isAway() {
    return talk == null;
  }

  private Future<Void> connect() {
    if (closed) {
      return Future.succeededFuture();
    }
    // A client of its own: one that kept connections for others could hand out a dead one again.
    var client = Redis.createClient(vertx, options);
    return client
        .connect()
        .compose(connection -> loaded(connection).map(new Talk(client, connection)))
        .timeout(CONNECT_MILLIS, TimeUnit.MILLISECONDS)
        .onSuccess(this::back)
        .onFailure(cause -> {
          close(client);
          away(cause);
        })
        .mapEmpty();
  }

  /** Scripts are loaded with each connection: a server that was started anew has forgotten them. */
  private static Future<?> loaded(RedisConnection connection) {
    return Future.all(
        List.of(LimitScript.values()).stream()
            .map(script -> connection.send(script.load()))
            .toList());
  }

  private void back(Talk next) {
    if (closed) {
      close(next.client);
      return;
    }
    next.connection.exceptionHandler(cause -> lost(next, cause));
    next.connection.endHandler(end -> lost(next, new IllegalStateException("connection closed")));
    talk = next;
    pauseMillis = SHORTEST_PAUSE_MILLIS;
    LOG.info("limits: redis {} answers, and limits are shared", config.server());
    told = false;
    whenBack.run();
  }

  private void lost(Talk which, Throwable cause) {
    if (talk == which) {
      talk = null;
      close(which.client);
      away(cause);
    }
  }

  private void away(Throwable cause) {
    if (closed) {
      return;
    }
    if (!told) {
      told = true;
      LOG.warn(
          "limits: redis {} does not answer ({}); limits.redis.when-away: {}",
          config.server(),
          String.valueOf(cause),
          config.whenAway());
    }
    vertx.setTimer(pauseMillis, due -> connect());
    pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
  }

  /** Asks; fails where Redis is away, or does not answer in time. Answers on the link's loop. */
  Future<@Nullable Response> ask(Request request) {
    var promise = Promise.<@Nullable Response>promise();
    context.runOnContext(turn -> send(request).onComplete(promise));
    return promise.future();
  }

  /** The same for those who are on the link's event loop. */
  Future<@Nullable Response> send(Request request) {
    var current = talk;
    if (current == null) {
      return Future.failedFuture("redis is away");
    }
    return current
        .connection
        .send(request)
        .timeout(config.timeout().toNanos(), TimeUnit.NANOSECONDS)
        .onSuccess(answer -> metrics.sharedAnswered())
        .onFailure(cause -> {
          metrics.sharedFailed();
          lost(current, cause);
        });
  }

  /** Runs something on the link's event loop. */
  void run(Runnable task) {
    context.runOnContext(turn -> task.run());
  }

  /** Asks nothing any more. */
  void close() {
    closed = true;
    context.runOnContext(turn -> {
      var last = talk;
      talk = null;
      if (last != null) {
        close(last.client);
      }
    });
  }

  private static void close(Redis client) {
    client.close();
  }
}
