package io.signalbox.host.config;

/**
 * How much one of a kind may take: a user, a model, an endpoint. Each is {@link #UNLIMITED} where
 * nothing is said.
 *
 * @param requestsPerMinute at least 1
 * @param requestsPerSecond at least 1; as many may come at once
 * @param tokensPerMinute at least 1, of prompts and answers together
 * @param concurrency requests in flight at a time, at least 1
 * @param requestBurst how many of {@code requestsPerMinute} may come at once
 * @param tokenBurst how many of {@code tokensPerMinute} may be taken at once
 */
public record LimitsConfig(
    int requestsPerMinute,
    int requestsPerSecond,
    int tokensPerMinute,
    int concurrency,
    int requestBurst,
    int tokenBurst) {
  /** No limit. */
  public static final int UNLIMITED = Integer.MAX_VALUE;

  /** Limits nothing. */
  public static final LimitsConfig NONE =
      new LimitsConfig(UNLIMITED, UNLIMITED, UNLIMITED, UNLIMITED, UNLIMITED, UNLIMITED);

  /** So many requests and tokens a minute, and nothing else. */
  public static LimitsConfig perMinute(int requests, int tokens) {
    return new LimitsConfig(requests, UNLIMITED, tokens, UNLIMITED, UNLIMITED, UNLIMITED);
  }

  /** So many requests in each second, and nothing else. */
  public static LimitsConfig perSecond(int requests) {
    return new LimitsConfig(UNLIMITED, requests, UNLIMITED, UNLIMITED, UNLIMITED, UNLIMITED);
  }

  /** Of {@code requestsPerMinute}, what may come at once: all of a minute where nothing is said. */
  public int requestsAtOnce() {
    return requestBurst == UNLIMITED ? requestsPerMinute : requestBurst;
  }

  /** Likewise of {@code tokensPerMinute}. */
  public int tokensAtOnce() {
    return tokenBurst == UNLIMITED ? tokensPerMinute : tokenBurst;
  }

  /** Whether tokens are limited. */
  public boolean limitsTokens() {
    return tokensPerMinute != UNLIMITED;
  }
}
