package io.signalbox.host.chain;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.SequencedSet;

/**
 * One user among the requests of one priority: what the user was served, and who of the user's
 * waits. Under the lock of the queue.
 */
final class FairShare {
  /** By what they were served. */
  static final Comparator<FairShare> LEAST_SERVED =
      Comparator.comparingDouble((FairShare share) -> share.served)
          .thenComparingLong(share -> share.number);

  /** By how many wait. */
  static final Comparator<FairShare> FEWEST_WAITING =
      Comparator.comparingInt(FairShare::waitingCount).thenComparingLong(share -> share.number);

  private final FairBand band;
  private final String user;
  private final long number;
  private final SequencedSet<Waiting> waiting = new LinkedHashSet<>();

  /** Weighted tokens; while the share is in an ordered set, only the band may change it. */
  double served;

  /** Requests that wait, or have not ended. */
  int open;

  /**
   * A user of whom nothing waits.
   *
   * @param number of the band's users, each another
   */
  FairShare(FairBand band, String user, long number) {
    this.band = band;
    this.user = user;
    this.number = number;
  }

  FairBand band() {
    return band;
  }

  String user() {
    return user;
  }

  /** The user's requests that wait, in the order they came. */
  SequencedSet<Waiting> waiting() {
    return waiting;
  }

  int waitingCount() {
    return waiting.size();
  }

  Waiting first() {
    return waiting.getFirst();
  }
}
