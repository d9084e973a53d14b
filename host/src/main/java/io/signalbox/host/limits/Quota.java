package io.signalbox.host.limits;

import io.signalbox.host.config.LimitsConfig;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What one user, model or endpoint may take. What is null is not limited.
 *
 * @param perMinute of requests
 * @param perSecond of requests
 * @param tokens of prompts and answers
 * @param concurrency requests at a time; {@link LimitsConfig#UNLIMITED}: any number
 */
record Quota(
    @Nullable Rate perMinute, @Nullable Rate perSecond, @Nullable Rate tokens, int concurrency) {
  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  static Quota of(LimitsConfig limits) {
    return new Quota(
        rate(limits.requestsPerMinute(), limits.requestsAtOnce(), MINUTE),
        rate(limits.requestsPerSecond(), limits.requestsPerSecond(), SECOND),
        rate(limits.tokensPerMinute(), limits.tokensAtOnce(), MINUTE),
        limits.concurrency());
  }

  private static @Nullable Rate rate(int limit, int burst, long periodNanos) {
    return limit == LimitsConfig.UNLIMITED ? null : Rate.of(limit, burst, periodNanos);
  }

  /** Whether anything is limited. */
  boolean limitsAnything() {
    return limitsRates() || limitsConcurrency();
  }

  /** Whether anything is limited but how many requests there are at a time. */
  boolean limitsRates() {
    return perMinute != null || perSecond != null || tokens != null;
  }

  boolean limitsTokens() {
    return tokens != null;
  }

  boolean limitsConcurrency() {
    return concurrency != LimitsConfig.UNLIMITED;
  }

  /** The rate behind a limit; null where it is not one of a rate, or does not limit. */
  @Nullable Rate rate(Limit limit) {
    return switch (limit) {
      case REQUESTS_PER_MINUTE -> perMinute;
      case REQUESTS_PER_SECOND -> perSecond;
      case TOKENS_PER_MINUTE -> tokens;
      case CONCURRENCY -> null;
    };
  }
}
