package io.signalbox.host.limits;

import io.signalbox.host.config.AccessConfig.Identity;
import io.signalbox.host.request.Refusal;
import io.signalbox.host.telemetry.Reason;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What those are told who may not go on.
 *
 * @param identity with {@link Identity#AIBRIX}, in the headers of AIBrix too
 */
record Refusals(Identity identity) {
  private static final Map<String, String> ASKS_FOR_KEY = Map.of("www-authenticate", "Bearer");
  private static final String TRUE = "true";

  /** In how many seconds somebody may try again, for a header; at least 1. */
  static String retryAfter(long nanos) {
    return Long.toString(Math.max(1, Math.ceilDiv(nanos, TimeUnit.SECONDS.toNanos(1))));
  }

  static Refusal noKey() {
    return Refusal.of(
            Reason.INVALID_API_KEY,
            "an API key is needed, in the header authorization: Bearer KEY, or in x-api-key")
        .with(ASKS_FOR_KEY);
  }

  static Refusal unknownKey() {
    return Refusal.of(Reason.INVALID_API_KEY, "nobody has this API key").with(ASKS_FOR_KEY);
  }

  Refusal unknownUser() {
    return Refusal.of(Reason.UNKNOWN_USER, "no such user", "user").with(inAibrix("x-error-user"));
  }

  /** Where limits are shared, and nobody knows how much is left. */
  Refusal away() {
    return Refusal.of(
            Reason.LIMITS_AWAY, "limits cannot be looked at for the moment; try again later")
        .with(inAibrix("x-error-incr-rpm"));
  }

  static Refusal tooManyUsers() {
    return Refusal.of(
        Reason.OVERLOADED, "too many users send requests at the same time; try again later");
  }

  /**
   * A limit is reached.
   *
   * @param tokens that the request is expected to take
   * @param standing of whose limit it is
   */
  Refusal limited(Claim claim, Shortage shortage, long tokens, Standing standing) {
    var headers = new HashMap<>(standing.headers());
    headers.putAll(inAibrix(aibrix(claim.scope(), shortage.limit())));
    if (shortage.waitNanos() != Shortage.NEVER) {
      headers.put("retry-after", retryAfter(shortage.waitNanos()));
    }
    return Refusal.of(shortage.limit().reason(), message(claim, shortage, tokens)).with(headers);
  }

  private static String message(Claim claim, Shortage shortage, long tokens) {
    var who = claim.scope().id() + " " + claim.name();
    var quota = claim.quota();
    var rate = quota.rate(shortage.limit());
    if (rate == null) {
      return who + " has " + quota.concurrency() + " requests at a time, and no more are allowed";
    }
    if (shortage.waitNanos() == Shortage.NEVER) {
      return "the request is expected to take "
          + tokens
          + " tokens, and "
          + who
          + " may take "
          + rate.burst()
          + " at once";
    }
    return who
        + " may take "
        + rate.limit()
        + switch (shortage.limit()) {
          case TOKENS_PER_MINUTE ->
              " tokens per minute, and the request is expected to take " + tokens;
          case REQUESTS_PER_SECOND -> " requests per second";
          case REQUESTS_PER_MINUTE, CONCURRENCY -> " requests per minute";
        }
        + "; try again in "
        + Standing.text(shortage.waitNanos());
  }

  private static String aibrix(Scope scope, Limit limit) {
    return switch (limit) {
      case TOKENS_PER_MINUTE -> "x-error-tpm-exceeded";
      case REQUESTS_PER_MINUTE, REQUESTS_PER_SECOND, CONCURRENCY ->
          scope == Scope.USER ? "x-error-rpm-exceeded" : "x-error-model-rps-exceeded";
    };
  }

  private Map<String, String> inAibrix(String header) {
    return identity == Identity.AIBRIX ? Map.of(header, TRUE) : Map.of();
  }
}
