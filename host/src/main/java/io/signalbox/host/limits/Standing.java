package io.signalbox.host.limits;

import java.util.HashMap;
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
    var headers = new HashMap<String, String>();
    if (requests != null) {
      headers.put("x-ratelimit-limit-requests", requests.limit());
      headers.put("x-ratelimit-remaining-requests", Long.toString(requests.left()));
      headers.put("x-ratelimit-reset-requests", text(requests.untilFullNanos()));
    }
    if (tokens != null) {
      headers.put("x-ratelimit-limit-tokens", tokens.limit());
      headers.put("x-ratelimit-remaining-tokens", Long.toString(tokens.left()));
      headers.put("x-ratelimit-reset-tokens", text(tokens.untilFullNanos()));
    }
    return headers;
  }

  /** As OpenAI writes it: {@code 120ms}, {@code 1.5s}, {@code 6m0s}; rounded up. */
  static String text(long nanos) {
    long millis = Math.ceilDiv(nanos, MILLI_NANOS);
    if (nanos < SECOND_NANOS) {
      return millis + "ms";
    }
    long minutes = nanos / MINUTES_NANOS;
    long rest = millis - TimeUnit.MINUTES.toMillis(minutes);
    var seconds = rest / 1000 + fraction(rest % 1000) + "s";
    return minutes == 0 ? seconds : minutes + "m" + seconds;
  }

  /** With its point and without zeros at its end; empty for 0. */
  private static String fraction(long millis) {
    if (millis == 0) {
      return "";
    }
    var digits = Long.toString(1000 + millis);
    int end = digits.length();
    while (digits.charAt(end - 1) == '0') {
      end--;
    }
    return "." + digits.substring(1, end);
  }
}
