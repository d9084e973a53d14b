package io.signalbox.host.chain;

import io.signalbox.host.config.FlowControlConfig;
import io.signalbox.host.telemetry.FlowControlMetrics;
import io.signalbox.host.telemetry.FlowControlMetrics.Outcome;
import io.signalbox.sdk.RouteRequest;
import java.time.Duration;
import java.util.Comparator;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Those that wait for flow control: the highest priority first; of one priority, the request of the
 * user who was served least; of one user, the one that came first.
 *
 * <p>Users are charged by VTC (Sheng et al., "Fairness in Serving Large Language Models", 2024):
 * weighted tokens, as expected when a request goes, and as they turned out when its exchange is
 * over; and who comes back is lifted to those who are waiting. Their bound (theorem 4.4), which
 * tests hold though charges are expectations at first: of two users of one priority who both have
 * requests waiting, neither is served more than 2 * max(prompt weight * longest prompt, output
 * weight * longest answer * requests at a time) ahead of the other.
 *
 * <p>All requests without a user are one user's. Each step takes a time logarithmic in the number
 * of users that wait.
 */
final class FairLine implements WaitingLine {
  /** Requests that are tried when the first may not go: its proxy may allow other endpoints. */
  private static final int TRIES = 8;

  private static final String NOBODY = "";
  private static final int LONGEST_NAME = 256;

  /** Bodies are not read for this: the usage of the answer corrects it. */
  private static final double BYTES_PER_TOKEN = 4;

  /** How much longer than its prompt an answer is taken to be while nothing is known. */
  private static final double USUAL_OUTPUT_RATIO = 1.5;

  private final String model;
  private final FlowControlConfig config;
  private final Fullness fullness;
  private final Objectives objectives;
  private final FlowControlMetrics metrics;
  private final LongSupplier nanoTime;
  private final NavigableMap<Integer, FairBand> bands = new TreeMap<>(Comparator.reverseOrder());
  private int size;

  FairLine(String model, QueueRule.Fair rule, FlowControlMetrics metrics, LongSupplier nanoTime) {
    this.model = model;
    this.config = rule.config();
    this.fullness = rule.fullness();
    this.objectives = rule.objectives();
    this.metrics = metrics;
    this.nanoTime = nanoTime;
  }

  @Override
  public void arrived(Waiting request, CandidateSet candidates) {
    var about = request.request();
    bands
        .computeIfAbsent(
            objectives.priority(about),
            priority -> new FairBand(priority, metrics.of(model, priority)))
        .enter(request, user(about), expected(about));
  }

  private static String user(RouteRequest request) {
    var user = request.user();
    if (user == null) {
      return NOBODY;
    }
    return user.length() > LONGEST_NAME ? user.substring(0, LONGEST_NAME) : user;
  }

  private double expected(RouteRequest request) {
    double prompt = request.body().remaining() / BYTES_PER_TOKEN;
    return cost(prompt, knownOr(USUAL_OUTPUT_RATIO * prompt, request.expectedOutputTokens()));
  }

  private double cost(double promptTokens, double outputTokens) {
    return config.weights().prompt() * promptTokens + config.weights().output() * outputTokens;
  }

  private static double knownOr(double usual, double tokens) {
    return Double.isFinite(tokens) && tokens >= 0 ? tokens : usual;
  }

  @Override
  public int places(Waiting request, CandidateSet candidates) {
    return fullness.places(candidates);
  }

  @Override
  public int mostPlaces() {
    return Integer.MAX_VALUE;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int capacity() {
    return config.maxWaiting();
  }

  @Override
  public Duration longestWait() {
    return config.maxWait();
  }

  @Override
  public void add(Waiting request) {
    request.share().band().add(request);
    size++;
  }

  /**
   * The newest of the lowest priority below the request's; else, of its own priority, the newest of
   * the user who has most requests waiting, where the request's user has at least two fewer.
   */
  @Override
  public Optional<Waiting> displacedBy(Waiting request) {
    var own = request.share().band();
    for (var band : bands.descendingMap().values()) {
      if (band.priority() >= own.priority()) {
        break;
      }
      var newest = band.newest();
      if (newest != null) {
        return takenOut(newest);
      }
    }
    return Optional.ofNullable(own.newestOfMost(request.share())).flatMap(this::takenOut);
  }

  private Optional<Waiting> takenOut(Waiting request) {
    remove(request);
    return Optional.of(request);
  }

  @Override
  public boolean remove(Waiting request) {
    boolean waited = request.share().band().remove(request);
    size -= waited ? 1 : 0;
    return waited;
  }

  @Override
  public @Nullable Waiting next(Predicate<Waiting> mayGo) {
    int tries = 0;
    for (var band : bands.values()) {
      for (var share : band.leastServedFirst()) {
        if (tries++ == TRIES) {
          return null;
        }
        var first = share.first();
        if (mayGo.test(first)) {
          remove(first);
          return first;
        }
      }
    }
    return null;
  }

  @Override
  public void gaveUp(Waiting request, Outcome outcome) {
    var share = request.share();
    share.band().leave(share);
    share.band().metrics().count(outcome);
  }

  @Override
  public void going(Waiting request, boolean waited) {
    var band = request.share().band();
    band.charge(request);
    if (waited) {
      band.metrics().waited(Duration.ofNanos(nanoTime.getAsLong() - request.sinceNanos()));
    }
    band.metrics().count(waited ? Outcome.DISPATCHED : Outcome.PASSED);
  }

  @Override
  public void left(Waiting request) {}

  @Override
  public void ended(Waiting request, Served served) {
    var share = request.share();
    double prompt = served.promptTokens();
    double output = served.outputTokens();
    if (Double.isFinite(prompt) || Double.isFinite(output)) {
      var about = request.request();
      double expectedPrompt = about.body().remaining() / BYTES_PER_TOKEN;
      double expectedOutput =
          knownOr(USUAL_OUTPUT_RATIO * expectedPrompt, about.expectedOutputTokens());
      double cost = cost(knownOr(expectedPrompt, prompt), knownOr(expectedOutput, output));
      share.band().correct(share, cost - request.expectedCost());
    }
    share.band().leave(share);
  }
}
