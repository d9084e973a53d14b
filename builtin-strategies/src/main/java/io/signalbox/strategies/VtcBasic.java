package io.signalbox.strategies;

import io.signalbox.sdk.Band;
import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.Completion;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.ExchangeObserver;
import io.signalbox.sdk.Parameter;
import io.signalbox.sdk.Parameters;
import io.signalbox.sdk.QueuePolicy;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Scorer;
import io.signalbox.sdk.Signal;
import io.signalbox.sdk.Strategy;
import io.signalbox.sdk.StrategyContext;
import io.signalbox.sdk.StrategyFactory;
import io.signalbox.strategies.UserTable.Range;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Places users by how much they were served lately, light ones apart from heavy ones.
 *
 * <p>The counters are those of VTC (Sheng et al., "Fairness in Serving Large Language Models",
 * 2024): weighted tokens per user over a window, with a lift for a user who comes back, so that
 * nobody saves up credit while away. A request counts as estimated from the decision on; at its end
 * the engine's usage takes the estimate's place. A request that failed, or was answered with an
 * error without usage, counts nothing; one whose client went away counts as estimated, or leaving
 * early would be free.
 *
 * <p>A user's position among the n candidates in address order is (n - 1) * u / (2 * bucket), at
 * most n - 1, with u the user's tokens and bucket the middle between the least and the most served
 * user, at least {@code min-tokens}. With three candidates that is the position of AIBrix'
 * vtc-basic. The score is {@code fairness-weight} * distance from the position / (n - 1) + {@code
 * utilization-weight} * load / {@code max-load}, lower is better; load is {@link Signal#RUNNING},
 * but at least our own {@link Signal#IN_FLIGHT}, and counts up to {@code max-load}. A request
 * without {@code user} is placed by load alone. The default band is 0.01, one request of 100.
 *
 * <p>With {@code queue} requests wait while every endpoint is full, and the user who was served
 * least goes first: {@link VtcQueue}.
 *
 * <p>All event loops share the counters. One pass over the candidates, and one over the users at
 * most every 250 ms; allocates only then, and for a user not met before.
 */
public final class VtcBasic implements Scorer, ExchangeObserver {
  private static final Band DEFAULT_BAND = new Band.Absolute(0.01);
  private static final int MAX_USERS = 4_096;
  private static final long RANGE_NANOS = 250_000_000;
  private static final int FIRST_ERROR_STATUS = 400;

  /** How much longer than its prompt an answer is taken to be while nothing is known. */
  private static final double USUAL_OUTPUT_RATIO = 1.5;

  private static final Parameter PROMPT_WEIGHT =
      new Parameter.Numeric("prompt-weight", 1, 0, 1_000, "", "what one prompt token counts");
  private static final Parameter OUTPUT_WEIGHT =
      new Parameter.Numeric("output-weight", 2, 0, 1_000, "", "what one output token counts");
  static final Parameter WINDOW =
      new Parameter.Numeric(
          "window", 300, 15, 600, "s", "seconds for which tokens count, in steps of 15");
  private static final Parameter MIN_TOKENS =
      new Parameter.Numeric(
          "min-tokens",
          1_000,
          1,
          1e9,
          "weighted tokens",
          "least size of the bucket that users are measured by");
  static final Parameter MAX_LOAD =
      new Parameter.Numeric(
          "max-load", 100, 1, 1_000_000, "requests", "requests running that fill an endpoint");
  private static final Parameter FAIRNESS_WEIGHT =
      new Parameter.Numeric(
          "fairness-weight", 1, 0, 1_000, "", "what the distance from the user's position counts");
  private static final Parameter UTILIZATION_WEIGHT =
      new Parameter.Numeric("utilization-weight", 1, 0, 1_000, "", "what a full endpoint counts");

  private final UserTable users;
  private final LongSupplier nanoTime;
  private final double promptWeight;
  private final double outputWeight;
  private final int window;
  private final double minTokens;
  private final double maxLoad;
  private final double fairnessWeight;
  private final double utilizationWeight;
  private Range range = Range.NOBODY;
  private long rangeAt;
  private boolean rangeKnown;

  private VtcBasic(UserTable users, StrategyContext context) {
    this.users = users;
    nanoTime = context.nanoTime();
    var parameters = context.parameters();
    promptWeight = number(parameters, PROMPT_WEIGHT);
    outputWeight = number(parameters, OUTPUT_WEIGHT);
    window = slots(parameters);
    minTokens = number(parameters, MIN_TOKENS);
    maxLoad = number(parameters, MAX_LOAD);
    fairnessWeight = number(parameters, FAIRNESS_WEIGHT);
    utilizationWeight = number(parameters, UTILIZATION_WEIGHT);
    if (promptWeight + outputWeight == 0) {
      throw new IllegalArgumentException(
          "\"prompt-weight\" and \"output-weight\" are both 0: nothing would count");
    }
    if (fairnessWeight + utilizationWeight == 0) {
      throw new IllegalArgumentException(
          "\"fairness-weight\" and \"utilization-weight\" are both 0: all would be equal");
    }
  }

  /** The window in slots of {@link UserTokens}. */
  static int slots(Parameters parameters) {
    return (int) (number(parameters, WINDOW) * 1e9 / UserTokens.SLOT_NANOS);
  }

  private static double number(Parameters parameters, Parameter parameter) {
    return parameters.number(parameter.name());
  }

  /** The factory of {@code vtc-basic}; its strategies share the counters of the users. */
  public static StrategyFactory factory() {
    return factory(new UserTable(MAX_USERS));
  }

  static StrategyFactory factory(UserTable users) {
    return new Factory(users);
  }

  private record Factory(UserTable users) implements StrategyFactory {
    @Override
    public String id() {
      return "vtc-basic";
    }

    @Override
    public Set<Signal> needs() {
      return Set.of(Signal.RUNNING, Signal.IN_FLIGHT);
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          PROMPT_WEIGHT,
          OUTPUT_WEIGHT,
          WINDOW,
          MIN_TOKENS,
          MAX_LOAD,
          FAIRNESS_WEIGHT,
          UTILIZATION_WEIGHT,
          VtcQueue.CAPACITY,
          VtcQueue.LONGEST_WAIT);
    }

    @Override
    public Strategy create(StrategyContext context) {
      return new VtcBasic(users, context);
    }

    @Override
    public Optional<QueuePolicy> queuePolicy(StrategyContext context) {
      return VtcQueue.of(users, context);
    }
  }

  @Override
  public Direction prefers() {
    return Direction.LOWER;
  }

  @Override
  public Band defaultBand() {
    return DEFAULT_BAND;
  }

  @Override
  public double naturalScale() {
    return fairnessWeight + utilizationWeight;
  }

  @Override
  public void score(RouteRequest request, Candidates candidates, double[] scores) {
    var user = user(request);
    int farthest = Math.max(1, candidates.size() - 1);
    double fairness = user == null ? 0 : fairnessWeight;
    double position = user == null ? 0 : (candidates.size() - 1) * share(user);
    var running = candidates.column(Signal.RUNNING);
    var inFlight = candidates.column(Signal.IN_FLIGHT);
    for (int i = 0; i < candidates.size(); i++) {
      double load = load(running[i], inFlight[i]);
      scores[i] =
          fairness * Math.abs(i - position) / farthest
              + utilizationWeight * Math.min(load / maxLoad, 1);
    }
  }

  /** The engine's count, but at least our own. */
  static double load(double running, double inFlight) {
    return running > inFlight ? running : inFlight;
  }

  /** Whom a request counts for; null where it names nobody. */
  static @Nullable String user(RouteRequest request) {
    var user = request.user();
    return user == null || user.isEmpty() ? null : user;
  }

  /** Where a user is between not served at all, 0, and served most, 1. */
  private double share(String user) {
    long now = nanoTime.getAsLong();
    var counter = users.find(user);
    if (counter == null) {
      return 0;
    }
    var known = range(now);
    double bucket = Math.max(minTokens, (known.least() + known.most()) / 2);
    return Math.min(counter.total(UserTokens.slot(now), window) / (2 * bucket), 1);
  }

  private Range range(long now) {
    if (!rangeKnown || now - rangeAt >= RANGE_NANOS) {
      range = users.range(UserTokens.slot(now), window);
      rangeAt = now;
      rangeKnown = true;
    }
    return range;
  }

  @Override
  public void onReserved(RouteRequest request, Endpoint endpoint) {
    var user = user(request);
    if (user == null) {
      return;
    }
    long now = nanoTime.getAsLong();
    // Before the user is among them.
    double leastActive = range(now).leastActive();
    double expected = estimate(request);
    var counter = users.enter(user, expected, now);
    if (counter != null && counter.inFlight() == 1) {
      long slot = UserTokens.slot(now);
      counter.charge(slot, leastActive + expected - counter.total(slot, window));
    }
  }

  /** What a request is expected to cost; the same whenever it is asked about one request. */
  private double estimate(RouteRequest request) {
    return weighted(promptTokens(request), outputTokens(request));
  }

  private static double promptTokens(RouteRequest request) {
    return knownOr(0, request.promptTokens());
  }

  private static double outputTokens(RouteRequest request) {
    return knownOr(USUAL_OUTPUT_RATIO * promptTokens(request), request.expectedOutputTokens());
  }

  private static double knownOr(double usual, double tokens) {
    return Double.isFinite(tokens) ? tokens : usual;
  }

  private double weighted(double promptTokens, double outputTokens) {
    return promptWeight * promptTokens + outputWeight * outputTokens;
  }

  @Override
  public void onCompleted(RouteRequest request, Endpoint endpoint, Completion completion) {
    boolean unused =
        completion.status() >= FIRST_ERROR_STATUS
            && Double.isNaN(completion.promptTokens())
            && Double.isNaN(completion.outputTokens());
    end(
        request,
        unused
            ? 0
            : weighted(
                knownOr(promptTokens(request), completion.promptTokens()),
                knownOr(outputTokens(request), completion.outputTokens())));
  }

  @Override
  public void onFailed(RouteRequest request, Endpoint endpoint) {
    end(request, 0);
  }

  @Override
  public void onCancelled(RouteRequest request, Endpoint endpoint) {
    end(request, estimate(request));
  }

  private void end(RouteRequest request, double served) {
    var user = user(request);
    var counter = user == null ? null : users.find(user);
    if (counter != null) {
      counter.charge(UserTokens.slot(nanoTime.getAsLong()), served);
      counter.leave(estimate(request));
    }
  }
}
