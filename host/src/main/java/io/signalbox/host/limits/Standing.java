package io.signalbox.host.limits;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How near its limits a request is, as OpenAI's headers tell it: of several limits, the one of
 * which the least is left.
 *
 * @param requests null where requests are not limited
 * @param tokens likewise
 */
record Standing(@Nullable Level requests, @Nullable Level tokens) {
  /** Without limits. */
  static final Standing NONE = new Standing(null, null);

  private static final long MINUTES_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long MILLI_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** The lower of each. */
  Standing and(Quota quota, Allowance allowance, long nowNanos) {
    return new Standing(
        Level.lower(
            requests,
            Level.lower(
                allowance.level(quota, Limit.REQUESTS_PER_MINUTE, nowNanos),
                allowance.level(quota, Limit.REQUESTS_PER_SECOND, nowNanos))),
        Level.lower(tokens, allowance.level(quota, Limit.TOKENS_PER_MINUTE, nowNanos)));
  }

  /** With what one bucket says. */
  Standing and(Limit limit, Level level) {
    return switch (limit) {
      case REQUESTS_PER_MINUTE, REQUESTS_PER_SECOND ->
          new Standing(Level.lower(requests, level), tokens);
      case TOKENS_PER_MINUTE -> new Standing(requests, Level.lower(tokens, level));
      case CONCURRENCY -> this;
    };
  }

  /** By lower-case name; empty without limits. */
  Map<String, String> headers() {
    if (requests == null && tokens == null) {
      return Map.of();
    }
    var headers = new LinkedHashMap<String, String>();
    add("requests", requests, headers);
    add("tokens", tokens, headers);
    return headers;
  }

  private static void add(String what, @Nullable Level level, Map<String, String> to) {
    if (level != null) {
      to.put("x-ratelimit-limit-" + what, Integer.toString(level.rate().limit()));
      to.put("x-ratelimit-remaining-" + what, Long.toString(level.left()));
      to.put("x-ratelimit-reset-" + what, text(level.untilFullNanos()));
    }
  }

  /** As OpenAI writes it: {@code 120ms}, {@code 1.5s}, {@code 6m0s}; rounded up. */
  static String text(long nanos) {
    long millis = Math.ceilDiv(nanos, MILLI_NANOS);
    if (nanos < SECOND_NANOS) {
      return millis + "ms";
    }
    long minutes = nanos / MINUTES_NANOS;
    long rest = millis - TimeUnit.MINUTES.toMillis(minutes);
    var seconds = rest % 1000 == 0 ? rest / 1000 + "s" : seconds(rest) + "s";
    return minutes == 0 ? seconds : minutes + "m" + seconds;
  }

  private static String seconds(long millis) {
    var fraction = Long.toString(1000 + millis % 1000).substring(1).replaceFirst("0+$", "");
    return millis / 1000 + "." + fraction;
  }
}
