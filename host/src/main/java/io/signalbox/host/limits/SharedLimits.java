package io.signalbox.host.limits;

import io.signalbox.host.config.AccessConfig;
import io.signalbox.host.config.AccessConfig.WhenAway;
import io.signalbox.host.limits.SharedAnswer.Denied;
import io.signalbox.host.limits.SharedAnswer.Granted;
import io.signalbox.host.telemetry.LimitMetrics;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * What users and models took at all replicas, in Redis. One round trip for each request, and one
 * message at its end that nobody waits for. Safe for any thread; nothing blocks.
 */
public final class SharedLimits {
  /*
   * A request at a time is counted at a gate for the host that has it. What a host says of its gates
   * counts for the length of a lease, and it says it again three times in that: so the requests of a
   * host that is gone are forgotten, and a server that forgot them learns them again.
   */
  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final long LEASE_MICROS = LEASE.toNanos() / 1_000;

  /** Gates that are told of in one message. */
  private static final int MOST_TOLD = 500;

  private static final List<Limit> RATES =
      List.of(Limit.REQUESTS_PER_SECOND, Limit.REQUESTS_PER_MINUTE, Limit.TOKENS_PER_MINUTE);

  private final AccessConfig.Redis config;
  private final String host;
  private final RedisLink link;
  private final AibrixUsers users;
  private final Vertx vertx;
  private volatile long timer;

  /** What this host has at a gate. For the link's event loop. */
  private static final class Held {
    private int requests;
    private int asked;
  }

  private final Map<String, Held> held = new HashMap<>();

  /**
   * Not connected yet.
   *
   * @param password empty: none is asked for
   * @param host what no other replica is called
   */
  public SharedLimits(
      Vertx vertx,
      AccessConfig.Redis config,
      Optional<String> password,
      String host,
      LimitMetrics metrics) {
    this.vertx = vertx;
    this.config = config;
    this.host = host;
    this.link = new RedisLink(vertx, config, password, metrics, this::tellHeld);
    this.users = new AibrixUsers(link, System::nanoTime);
    metrics.followShared(() -> !link.isAway());
  }

  /** Connects; ends when that succeeded, or failed for the first time: it goes on trying. */
  public Future<Void> start() {
    timer = vertx.setPeriodic(LEASE.toMillis() / 3, due -> link.run(this::tellHeld));
    return link.start();
  }

  /** Asks nothing any more. What requests that are not over hold is forgotten with the lease. */
  public void close() {
    var _ = vertx.cancelTimer(timer);
    link.close();
  }

  /** Whether Redis does not answer. */
  public boolean isAway() {
    return link.isAway();
  }

  /** What becomes of requests then. */
  WhenAway whenAway() {
    return config.whenAway();
  }

  /** Users that are not configured. */
  AibrixUsers users() {
    return users;
  }

  /**
   * Takes a request and its tokens from all of these, or from none. Fails where Redis does not
   * answer in time; what it may have taken then is not given back.
   */
  Future<SharedAnswer> take(List<Claim> claims, long tokens) {
    var keys = keys(claims);
    var request = keyed(LimitScript.TAKE, keys).arg(keys.buckets().size());
    for (var bucket : keys.buckets()) {
      request
          .arg(micros(bucket.rate().nanos(bucket.amount(tokens))))
          .arg(micros(bucket.rate().burstNanos()))
          .arg(micros(bucket.rate().mostNanos()));
    }
    for (var gate : keys.gates()) {
      request.arg(gate.claim().quota().concurrency());
    }
    var promise = Promise.<SharedAnswer>promise();
    link.run(() -> {
      keys.gates().forEach(gate -> held(gate).asked++);
      link.send(request)
          .map(answer -> answer(keys, tokens, Objects.requireNonNull(answer)))
          .onComplete(answer ->
              keys.gates().forEach(gate -> asked(gate, answer.result() instanceof Granted)))
          .onComplete(promise);
    });
    return promise.future();
  }

  private Held held(Gate gate) {
    return held.computeIfAbsent(gate.key(), missing -> new Held());
  }

  private void asked(Gate gate, boolean granted) {
    var here = held(gate);
    here.asked--;
    here.requests += granted ? 1 : 0;
    forgetIfNone(gate, here);
  }

  private void forgetIfNone(Gate gate, Held here) {
    if (here.requests <= 0 && here.asked == 0) {
      held.remove(gate.key());
    }
  }

  private SharedAnswer answer(Keys keys, long tokens, Response answer) {
    boolean granted = number(answer, 0) == 1;
    var standing = Standing.NONE;
    int at = 1;
    for (var bucket : keys.buckets()) {
      long missing = number(answer, at++) * 1_000;
      var rate = bucket.rate();
      long cost = rate.nanos(bucket.amount(tokens));
      if (granted) {
        standing = standing.and(bucket.limit(), new Level(rate, missing + cost));
      } else if (missing + cost > rate.burstNanos()) {
        return new Denied(
            bucket.claim(),
            bucket.shortage(tokens, missing + cost - rate.burstNanos()),
            Standing.NONE.and(bucket.limit(), new Level(rate, missing)));
      }
    }
    for (var gate : keys.gates()) {
      if (!granted && number(answer, at++) >= gate.claim().quota().concurrency()) {
        return new Denied(
            gate.claim(), new Shortage(Limit.CONCURRENCY, Shortage.UNKNOWN), Standing.NONE);
      }
    }
    if (!granted) {
      throw new IllegalStateException("the script says no, and not why");
    }
    return new Granted(new Taken(keys), standing);
  }

  private static long number(Response answer, int index) {
    return Objects.requireNonNull(answer.get(index).toLong());
  }

  /** What a request took. */
  private final class Taken implements SharedShare {
    private final Keys keys;

    Taken(Keys keys) {
      this.keys = keys;
    }

    @Override
    public void settle(long reserved, long used) {
      end(
          keys,
          bucket ->
              bucket.limit() == Limit.TOKENS_PER_MINUTE
                  ? bucket.rate().nanos(used) - bucket.rate().nanos(reserved)
                  : 0);
    }

    @Override
    public void giveBack(long reserved) {
      end(keys, bucket -> -bucket.rate().nanos(bucket.amount(reserved)));
    }
  }

  private void end(Keys keys, ToLongFunction<TakenBucket> change) {
    var changed =
        keys.buckets().stream().filter(bucket -> change.applyAsLong(bucket) != 0).toList();
    var last = new Keys(changed, keys.gates());
    if (changed.isEmpty() && keys.gates().isEmpty()) {
      return;
    }
    var request = keyed(LimitScript.SETTLE, last).arg(changed.size());
    for (var bucket : changed) {
      request.arg(micros(change.applyAsLong(bucket))).arg(micros(bucket.rate().mostNanos()));
    }
    link.run(() -> {
      for (var gate : keys.gates()) {
        var here = held(gate);
        here.requests--;
        forgetIfNone(gate, here);
      }
      // Where it is lost, buckets refill, and gates are told again.
      var _ = link.send(request);
    });
  }

  /** Tells what this host has at its gates; not of those that somebody is just asking for. */
  private void tellHeld() {
    var names = new ArrayList<String>();
    held.forEach((name, here) -> {
      if (here.asked == 0) {
        names.add(name);
      }
    });
    for (int from = 0; from < names.size(); from += MOST_TOLD) {
      var some = names.subList(from, Math.min(names.size(), from + MOST_TOLD));
      var request = LimitScript.HOLD.call(some.size());
      some.forEach(request::arg);
      request.arg(host).arg(LEASE_MICROS);
      for (var name : some) {
        var here = held.get(name);
        request.arg(here == null ? 0 : here.requests);
      }
      var _ = link.send(request);
    }
  }

  // Keys

  /** A token bucket that a request takes from. */
  private record TakenBucket(Claim claim, Limit limit, Rate rate, String key) {
    long amount(long tokens) {
      return limit == Limit.TOKENS_PER_MINUTE ? tokens : 1;
    }

    Shortage shortage(long tokens, long waitNanos) {
      return new Shortage(limit, amount(tokens) > rate.burst() ? Shortage.NEVER : waitNanos);
    }
  }

  /** A gate that a request passes. */
  private record Gate(Claim claim, String key) {}

  private record Keys(List<TakenBucket> buckets, List<Gate> gates) {}

  private Keys keys(List<Claim> claims) {
    var buckets = new ArrayList<TakenBucket>();
    var gates = new ArrayList<Gate>();
    for (var claim : claims) {
      for (var limit : RATES) {
        var rate = claim.quota().rate(limit);
        if (rate != null) {
          buckets.add(new TakenBucket(claim, limit, rate, key(claim, limit)));
        }
      }
      if (claim.quota().limitsConcurrency()) {
        gates.add(new Gate(claim, key(claim, Limit.CONCURRENCY)));
      }
    }
    return new Keys(buckets, gates);
  }

  private String key(Claim claim, Limit limit) {
    return config.prefix() + ":" + limit.id() + ":" + claim.scope().id() + ":" + claim.name();
  }

  private Request keyed(LimitScript script, Keys keys) {
    var request = script.call(keys.buckets().size() + keys.gates().size());
    keys.buckets().forEach(bucket -> request.arg(bucket.key()));
    keys.gates().forEach(gate -> request.arg(gate.key()));
    return request.arg(host).arg(LEASE_MICROS);
  }

  /** With three digits after the point. */
  private static String micros(long nanos) {
    long rest = Math.abs(nanos % 1_000);
    return (nanos < 0 ? "-" : "")
        + Math.abs(nanos / 1_000)
        + "."
        + Long.toString(1_000 + rest).substring(1);
  }
}
