package io.signalbox.host.chain;

import io.signalbox.host.telemetry.FlowControlMetrics.Outcome;
import io.signalbox.sdk.QueuePolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Those that wait by the rule of a strategy, which ranks them anew at each look. One is on its way
 * out at a time: a strategy says whether there is room, and not for how many.
 */
final class RankedLine implements WaitingLine {
  /** Of those that wait, how many are tried when there may be room. */
  private static final int TRIES = 8;

  private static final double NANOS_PER_SECOND = 1e9;

  private final QueuePolicy policy;
  private final Optional<QueueRule.Fair> behind;
  private final LongSupplier nanoTime;
  private final List<Waiting> waiting = new ArrayList<>();

  RankedLine(QueueRule.OfStrategy rule, LongSupplier nanoTime) {
    this.policy = rule.policy();
    this.behind = rule.behind();
    this.nanoTime = nanoTime;
  }

  @Override
  public void arrived(Waiting request, CandidateSet candidates) {
    policy.arrived(request.request(), candidates);
  }

  @Override
  public int places(Waiting request, CandidateSet candidates) {
    boolean full = behind.isPresent() && behind.get().fullness().places(candidates) == 0;
    return !full && policy.admits(request.request(), candidates) ? 1 : 0;
  }

  @Override
  public int mostPlaces() {
    return 1;
  }

  @Override
  public int size() {
    return waiting.size();
  }

  @Override
  public int capacity() {
    return behind.isEmpty()
        ? policy.capacity()
        : Math.min(policy.capacity(), behind.get().config().maxWaiting());
  }

  @Override
  public Duration longestWait() {
    var own = Duration.ofNanos((long) (policy.longestWaitSeconds() * NANOS_PER_SECOND));
    return behind
        .map(rule -> rule.config().maxWait())
        .filter(longest -> longest.compareTo(own) < 0)
        .orElse(own);
  }

  @Override
  public void add(Waiting request) {
    waiting.add(request);
  }

  @Override
  public Optional<Waiting> displacedBy(Waiting request) {
    return Optional.empty();
  }

  @Override
  public boolean remove(Waiting request) {
    return waiting.remove(request);
  }

  @Override
  public @Nullable Waiting next(Predicate<Waiting> mayGo) {
    long now = nanoTime.getAsLong();
    var ranks = new double[waiting.size()];
    Arrays.setAll(ranks, i -> rank(waiting.get(i), now));
    int best = lowest(ranks);
    for (int tries = 0; tries < Math.min(TRIES, ranks.length); tries++) {
      int first = lowest(ranks);
      if (mayGo.test(waiting.get(first))) {
        // Room may have come between two looks; it is for the one that is first.
        boolean passed = first != best && !mayGo.test(waiting.get(best));
        return waiting.remove(passed ? first : best);
      }
      ranks[first] = Double.POSITIVE_INFINITY;
    }
    return null;
  }

  private double rank(Waiting request, long now) {
    return policy.rank(request.request(), (now - request.sinceNanos()) / NANOS_PER_SECOND);
  }

  private static int lowest(double[] ranks) {
    int lowest = 0;
    for (int i = 1; i < ranks.length; i++) {
      if (ranks[i] < ranks[lowest]) {
        lowest = i;
      }
    }
    return lowest;
  }

  @Override
  public void gaveUp(Waiting request, Outcome outcome) {
    policy.departed(request.request());
  }

  @Override
  public void going(Waiting request, boolean waited) {}

  @Override
  public void left(Waiting request) {
    policy.departed(request.request());
  }

  @Override
  public void ended(Waiting request, Served served) {}
}
