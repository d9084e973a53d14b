package io.signalbox.strategies;

import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.Parameter;
import io.signalbox.sdk.QueuePolicy;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Signal;
import io.signalbox.sdk.StrategyContext;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * VTC's dispatch: while every endpoint has {@code max-load} requests, requests wait, and the one
 * whose user was served least goes first. Of two users who both have requests waiting, neither is
 * served more than 2 * max(prompt weight * longest prompt, output weight * longest answer * places)
 * weighted tokens ahead of the other (Sheng et al. 2024, theorem 4.4, with a batch of as many
 * requests as there are places).
 *
 * <p>A user with requests in the queue counts as one with requests in flight, so that whoever waits
 * keeps what is owed, and is not lifted when the turn comes.
 *
 * <p>A request without {@code user} goes after those of the user who was served most.
 */
final class VtcQueue implements QueuePolicy {
  static final Parameter CAPACITY =
      new Parameter.Numeric(
          "queue",
          0,
          0,
          100_000,
          "requests",
          "requests of a model that may wait for an endpoint that is not full; 0: none waits");

  static final Parameter LONGEST_WAIT =
      new Parameter.Numeric(
          "max-wait", 30, 0.001, 3_600, "s", "seconds a request may wait, then it is refused");

  private final UserTable users;
  private final LongSupplier nanoTime;
  private final int window;
  private final double maxLoad;
  private final int capacity;
  private final double longestWaitSeconds;

  private VtcQueue(UserTable users, StrategyContext context) {
    var parameters = context.parameters();
    this.users = users;
    this.nanoTime = context.nanoTime();
    this.window = VtcBasic.slots(parameters);
    this.maxLoad = parameters.number(VtcBasic.MAX_LOAD.name());
    this.capacity = (int) parameters.number(CAPACITY.name());
    this.longestWaitSeconds = parameters.number(LONGEST_WAIT.name());
  }

  /** Empty where nobody waits. */
  static Optional<QueuePolicy> of(UserTable users, StrategyContext context) {
    return context.parameters().number(CAPACITY.name()) < 1
        ? Optional.empty()
        : Optional.of(new VtcQueue(users, context));
  }

  @Override
  public boolean admits(RouteRequest request, Candidates candidates) {
    var running = candidates.column(Signal.RUNNING);
    var inFlight = candidates.column(Signal.IN_FLIGHT);
    for (int i = 0; i < candidates.size(); i++) {
      if (VtcBasic.load(running[i], inFlight[i]) < maxLoad) {
        return true;
      }
    }
    return false;
  }

  /** From here on the user counts as one with work; one who had none is lifted, as VTC does. */
  @Override
  public void arrived(RouteRequest request, Candidates candidates) {
    var user = VtcBasic.user(request);
    if (user == null) {
      return;
    }
    long now = nanoTime.getAsLong();
    long slot = UserTokens.slot(now);
    var known = users.find(user);
    boolean returns = known == null || known.inFlight() == 0;
    double least = returns ? users.range(slot, window).leastActive() : 0;
    var counter = users.enter(user, 0, now);
    if (returns && counter != null) {
      counter.charge(slot, least - counter.total(slot, window));
    }
  }

  @Override
  public void departed(RouteRequest request) {
    var user = VtcBasic.user(request);
    var counter = user == null ? null : users.find(user);
    if (counter != null) {
      counter.leave(0);
    }
  }

  @Override
  public double rank(RouteRequest request, double waitedSeconds) {
    var user = VtcBasic.user(request);
    if (user == null) {
      return Double.MAX_VALUE;
    }
    var counter = users.find(user);
    return counter == null ? 0 : counter.total(UserTokens.slot(nanoTime.getAsLong()), window);
  }

  @Override
  public int capacity() {
    return capacity;
  }

  @Override
  public double longestWaitSeconds() {
    return longestWaitSeconds;
  }
}
