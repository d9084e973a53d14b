package io.signalbox.host.limits;

import io.signalbox.host.config.LimitsConfig;
import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records that AIBrix' metadata service keeps of users in Redis: {@code aibrix-users/NAME}
 * holds JSON with {@code rpm} and {@code tpm}. Where one is 0 or absent AIBrix has 100 requests,
 * and 1,000 tokens for each of the requests. Safe for any thread.
 */
final class AibrixUsers {
  private static final Logger LOG = LoggerFactory.getLogger(AibrixUsers.class);
  private static final String PREFIX = "aibrix-users/";
  private static final int DEFAULT_REQUESTS = 100;
  private static final int TOKENS_PER_REQUEST = 1_000;
  private static final int MOST = 1_000_000_000;

  /** How long a record, or that there is none, is believed. */
  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** Records remembered; names come from clients. */
  private static final int MOST_REMEMBERED = 10_000;

  private final RedisLink link;
  private final LongSupplier nanoTime;
  private final Map<String, Remembered> remembered = new ConcurrentHashMap<>();

  private record Remembered(Optional<Quota> quota, long atNanos) {}

  AibrixUsers(RedisLink link, LongSupplier nanoTime) {
    this.link = link;
    this.nanoTime = nanoTime;
  }

  /**
   * What a user may take; empty where there is no such user. Fails where Redis does not answer, and
   * did not before. Answers at once, or on the event loop of the link.
   */
  Future<Optional<Quota>> find(String name) {
    var known = remembered.get(name);
    if (known != null && nanoTime.getAsLong() - known.atNanos() < FRESH_NANOS) {
      return Future.succeededFuture(known.quota());
    }
    return link.ask(Request.cmd(Command.GET).arg(PREFIX + name))
        .map(record -> remember(name, record))
        .recover(cause ->
            known == null ? Future.failedFuture(cause) : Future.succeededFuture(known.quota()));
  }

  private Optional<Quota> remember(String name, @Nullable Response record) {
    var quota = record == null ? Optional.<Quota>empty() : read(record.toString()).map(Quota::of);
    if (remembered.size() >= MOST_REMEMBERED) {
      remembered.clear();
    }
    remembered.put(name, new Remembered(quota, nanoTime.getAsLong()));
    return quota;
  }

  /** What a record allows; empty where it is none. */
  static Optional<LimitsConfig> read(String json) {
    try {
      var record = new JsonObject(json);
      long requests = orDefault(record, "rpm", DEFAULT_REQUESTS);
      long tokens = orDefault(record, "tpm", requests * TOKENS_PER_REQUEST);
      return Optional.of(
          LimitsConfig.perMinute((int) Math.min(requests, MOST), (int) Math.min(tokens, MOST)));
    } catch (DecodeException | ClassCastException e) {
      LOG.warn("a record of a user in redis is not one of AIBrix");
      return Optional.empty();
    }
  }

  private static long orDefault(JsonObject record, String member, long absent) {
    var value = record.getLong(member, 0L);
    return value == null || value <= 0 ? absent : Math.min(value, MOST);
  }
}
