package io.signalbox.host.chain;

import io.signalbox.host.telemetry.FlowControlMetrics;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The users whose requests have one priority, and who of them waits. Under the queue's lock. */
final class FairBand {
  /*
   * A share is in `shares` while it has requests open, and afterwards as long as it was served more
   * than whoever went last: then it is in `idle` too. One served less would be lifted when it comes
   * back anyway, so nothing is lost with it. A share with requests waiting is in `leastServed` and in
   * `fewestWaiting`; whoever changes what one is ordered by takes it out first.
   */
  private static final int MOST_IDLE = 4_096;

  private final int priority;
  private final FlowControlMetrics.Band metrics;
  private final Map<String, FairShare> shares = new HashMap<>();
  private final TreeSet<FairShare> leastServed = new TreeSet<>(FairShare.LEAST_SERVED);
  private final TreeSet<FairShare> fewestWaiting = new TreeSet<>(FairShare.FEWEST_WAITING);
  private final TreeSet<FairShare> idle = new TreeSet<>(FairShare.LEAST_SERVED);
  private final LinkedHashSet<Waiting> arrivals = new LinkedHashSet<>();
  private @Nullable FairShare last;
  private long nextNumber;

  FairBand(int priority, FlowControlMetrics.Band metrics) {
    this.priority = priority;
    this.metrics = metrics;
  }

  int priority() {
    return priority;
  }

  FlowControlMetrics.Band metrics() {
    return metrics;
  }

  /** A request came; a user of whom none waits is lifted, so that nobody saves up while away. */
  void enter(Waiting request, String user, double expectedCost) {
    var share = shares.computeIfAbsent(user, name -> new FairShare(this, name, nextNumber++));
    if (share.open == 0) {
      idle.remove(share);
    }
    share.open++;
    if (share.waiting().isEmpty()) {
      double least = leastServed.isEmpty() ? servedLast() : leastServed.getFirst().served;
      share.served = Math.max(share.served, least);
    }
    request.take(share, expectedCost);
  }

  /** What the user who went last was served. */
  private double servedLast() {
    return last == null ? 0 : last.served;
  }

  /** A request is over, and no longer counts as open. */
  void leave(FairShare share) {
    share.open--;
    if (share.open == 0) {
      idle.add(share);
      forgetIdle();
    }
  }

  private void forgetIdle() {
    while (!idle.isEmpty() && (idle.getFirst().served <= servedLast() || idle.size() > MOST_IDLE)) {
      shares.remove(idle.removeFirst().user());
    }
  }

  /** A request that entered waits. */
  void add(Waiting request) {
    var share = request.share();
    takeOut(share);
    share.waiting().add(request);
    putBack(share);
    arrivals.add(request);
    metrics.waiting(1);
  }

  /** It does no more; false where it did not. */
  boolean remove(Waiting request) {
    if (!arrivals.remove(request)) {
      return false;
    }
    var share = request.share();
    takeOut(share);
    share.waiting().remove(request);
    putBack(share);
    metrics.waiting(-1);
    return true;
  }

  private void takeOut(FairShare share) {
    if (!share.waiting().isEmpty()) {
      leastServed.remove(share);
      fewestWaiting.remove(share);
    }
  }

  private void putBack(FairShare share) {
    if (!share.waiting().isEmpty()) {
      leastServed.add(share);
      fewestWaiting.add(share);
    }
  }

  /** A request goes: the user is charged what it is expected to cost. */
  void charge(Waiting request) {
    var share = request.share();
    correct(share, request.expectedCost());
    last = share;
    forgetIdle();
  }

  /** The user was served more than was charged before, or less. */
  void correct(FairShare share, double more) {
    takeOut(share);
    share.served += more;
    putBack(share);
  }

  /** Those with requests waiting, the one served least first. */
  Iterable<FairShare> leastServedFirst() {
    return leastServed;
  }

  /** How many users have a counter. */
  int users() {
    return shares.size();
  }

  /** The request that came last; null where none waits. */
  @Nullable Waiting newest() {
    return arrivals.isEmpty() ? null : arrivals.getLast();
  }

  /** The newest of the user who has most waiting, where that is two more than this one has. */
  @Nullable Waiting newestOfMost(FairShare than) {
    if (fewestWaiting.isEmpty()) {
      return null;
    }
    var most = fewestWaiting.getLast();
    return most.waitingCount() >= than.waitingCount() + 2 ? most.waiting().getLast() : null;
  }
}
