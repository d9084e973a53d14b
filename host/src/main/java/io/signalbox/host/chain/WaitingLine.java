package io.signalbox.host.chain;

import io.signalbox.host.telemetry.FlowControlMetrics.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The requests that wait in a {@link RequestQueue}, and which of them goes next. Called under the
 * queue's lock. Each request {@linkplain #arrived arrives} once. Then it {@linkplain #gaveUp gives
 * up}, or it {@linkplain #going goes}, {@linkplain #left leaves} and {@linkplain #ended ends}.
 */
sealed interface WaitingLine permits RankedLine, FairLine {
  /** What a client was served, in tokens; {@code NaN}: nobody knows. */
  record Served(double promptTokens, double outputTokens) {
    static final Served NOTHING = new Served(0, 0);
    static final Served UNKNOWN = new Served(Double.NaN, Double.NaN);
  }

  /** A request came, whether or not it will have to wait. */
  void arrived(Waiting request, CandidateSet candidates);

  /** How many requests may be on their way out at a time, with this one; 0: it may not go. */
  int places(Waiting request, CandidateSet candidates);

  /** The most that {@link #places} can say. */
  int mostPlaces();

  int size();

  int capacity();

  /** How long a request may wait. */
  Duration longestWait();

  /** Lets a request wait. */
  void add(Waiting request);

  /** Takes out who has to make room for this one; empty where nobody has. */
  Optional<Waiting> displacedBy(Waiting request);

  /** Takes out a request that waits; false where it does not. */
  boolean remove(Waiting request);

  /** Takes out the request that goes next; null where none of the first may. */
  @Nullable Waiting next(Predicate<Waiting> mayGo);

  /** A request goes without being chosen; it is in the line no more. */
  void gaveUp(Waiting request, Outcome outcome);

  /**
   * A request is on its way out.
   *
   * @param waited whether it was in the line before
   */
  void going(Waiting request, boolean waited);

  /** It was decided. */
  void left(Waiting request);

  /** Its exchange is over. */
  void ended(Waiting request, Served served);
}
