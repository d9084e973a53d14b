package io.signalbox.sdk;

/**
 * Says which requests of a model wait while no endpoint has room for them, and which goes first.
 * The host owns the queue: one for each model and each way a chain writes the strategy, shared by
 * all event loops.
 *
 * <p>Called under the queue's lock, from any event loop, one call at a time; must not block, and is
 * called often while requests wait.
 */
public interface QueuePolicy {
  /**
   * Whether a request may be decided now. One that arrives while others wait is not asked about
   * before its turn.
   *
   * @param candidates the endpoints the chain would begin with; at least one
   */
  boolean admits(RouteRequest request, Candidates candidates);

  /**
   * A request came to the queue, whether or not it will have to wait. Told before {@link #admits}.
   *
   * @param candidates the endpoints the chain would begin with; at least one
   */
  default void arrived(RouteRequest request, Candidates candidates) {}

  /** The request left it: after its endpoint was chosen, or without one; told exactly once. */
  default void departed(RouteRequest request) {}

  /**
   * The place of a waiting request: the lowest goes first, of equal ones the one that came first.
   *
   * @param waitedSeconds since it arrived
   * @return not {@code NaN}
   */
  double rank(RouteRequest request, double waitedSeconds);

  /** How many requests may wait, at least 1; one beyond is refused (429). */
  int capacity();

  /** How long a request may wait, in seconds, more than 0; then it is refused (429). */
  double longestWaitSeconds();
}
