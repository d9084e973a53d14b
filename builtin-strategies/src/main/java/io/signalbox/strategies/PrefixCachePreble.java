package io.signalbox.strategies;

import io.signalbox.sdk.Band;
import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.Completion;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.ExchangeObserver;
import io.signalbox.sdk.Parameter;
import io.signalbox.sdk.Parameters;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Scorer;
import io.signalbox.sdk.Signal;
import io.signalbox.sdk.StrategyContext;
import io.signalbox.sdk.StrategyFactory;
import io.signalbox.strategies.EndpointWork.Of;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Weighs what is cached against what it costs to compute, by the E2 rule ("exploit or explore") of
 * Preble (Srivatsa et al., "Preble: Efficient Distributed Prompt Scheduling for LLM Serving", ICLR
 * 2025, arXiv 2407.00023).
 *
 * <p>The score is the expected seconds of GPU time, lower is better: load L of the endpoint over a
 * window + eviction M + computing what is not cached P. Where an endpoint has more than {@code
 * exploit} of the prompt cached, only such endpoints have a score (exploit), unless the best of
 * them has more than {@code balance} times the lightest load, and the difference would pay for
 * computing the whole prompt elsewhere; else all have one (explore).
 *
 * <ul>
 *   <li>P = prefill seconds of the tokens not cached, by {@link PrefillProfile}.
 *   <li>L = P of the requests sent there in the window, as it was then, + {@link Signal#IN_FLIGHT}
 *       * mean output tokens * {@link Signal#DECODE_SECONDS_PER_TOKEN}.
 *   <li>M = P * the share of the window's prompt tokens that was cached: memory counts as full,
 *       what is computed displaces as much, and that is worth what the cache was worth lately.
 * </ul>
 *
 * <p>All event loops share what is known of endpoints. Two passes over the candidates, with a sum
 * over the window's slots each; no allocation but for an endpoint not met before.
 */
public final class PrefixCachePreble implements Scorer, ExchangeObserver {
  private static final Band DEFAULT_BAND = new Band.Relative(0.05);
  private static final int MAX_ENDPOINTS = 65_536;
  private static final int FIRST_ERROR_STATUS = 400;

  /** Preble's start value, where no engine and no answer told. */
  private static final double USUAL_DECODE_SECONDS = 0.15;

  private static final Parameter GPU =
      new Parameter.Text("gpu", "v100", "whose prefill times count: a6000 or v100");
  private static final Parameter WINDOW =
      new Parameter.Numeric(
          "window", 180, 15, 600, "s", "seconds for which work counts as load, in steps of 15");
  private static final Parameter DECODE =
      new Parameter.Numeric(
          "decode",
          45,
          0,
          1_000_000,
          "tokens",
          "length of an answer while nothing is known of any");
  private static final Parameter EXPLOIT =
      new Parameter.Numeric(
          "exploit",
          0.5,
          0,
          1,
          "",
          "share of the prompt that must be cached to go after the cache");
  private static final Parameter BALANCE =
      new Parameter.Numeric(
          "balance",
          1.5,
          1,
          1_000_000,
          "",
          "times the lightest load that a cache is worth at most");

  private final Map<Endpoint, EndpointWork> works;
  private final LongSupplier nanoTime;
  private final PrefillProfile gpu;
  private final int window;
  private final double usualOutput;
  private final double exploit;
  private final double balance;
  private final RecentScores recent = new RecentScores(Signal.CACHED_TOKENS);
  private double[] loads = new double[0];

  private PrefixCachePreble(Map<Endpoint, EndpointWork> works, StrategyContext context) {
    this.works = works;
    nanoTime = context.nanoTime();
    var parameters = context.parameters();
    var name = parameters.text(GPU.name());
    gpu =
        PrefillProfile.named(name)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "\"gpu\" must be a6000 or v100, not \"" + name + "\""));
    window = (int) (number(parameters, WINDOW) * 1e9 / EndpointWork.SLOT_NANOS);
    usualOutput = number(parameters, DECODE);
    exploit = number(parameters, EXPLOIT);
    balance = number(parameters, BALANCE);
  }

  private static double number(Parameters parameters, Parameter parameter) {
    return parameters.number(parameter.name());
  }

  /** The factory of {@code prefix-cache-preble}; its strategies share what endpoints had to do. */
  public static StrategyFactory factory() {
    var works = new ConcurrentHashMap<Endpoint, EndpointWork>();
    return StrategyFactory.of(
        "prefix-cache-preble",
        Set.of(Signal.CACHED_TOKENS, Signal.IN_FLIGHT, Signal.DECODE_SECONDS_PER_TOKEN),
        List.of(GPU, WINDOW, DECODE, EXPLOIT, BALANCE),
        context -> new PrefixCachePreble(works, context));
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
    return window * (EndpointWork.SLOT_NANOS / 1e9);
  }

  @Override
  public void score(RouteRequest request, Candidates candidates, double[] scores) {
    recent.put(request, candidates);
    int size = candidates.size();
    if (loads.length < size) {
      loads = new double[size];
    }
    var cached = candidates.column(Signal.CACHED_TOKENS);
    double whole = promptTokens(request);
    for (int i = 0; i < size; i++) {
      whole = Math.max(whole, known(cached[i]));
    }
    costs(request, candidates, whole, scores);
    if (exploits(cached, whole, scores, size)) {
      for (int i = 0; i < size; i++) {
        scores[i] = isExploitable(cached[i], whole) ? scores[i] : Double.NaN;
      }
    }
  }

  private static double promptTokens(RouteRequest request) {
    return known(request.promptTokens());
  }

  /** What is not known counts as none. */
  private static double known(double tokens) {
    return Double.isFinite(tokens) ? Math.max(tokens, 0) : 0;
  }

  private boolean isExploitable(double cached, double whole) {
    return whole > 0 && known(cached) > exploit * whole;
  }

  /** Fills in loads and scores: L + M + P of each candidate. */
  private void costs(RouteRequest request, Candidates candidates, double whole, double[] scores) {
    long slot = EndpointWork.slot(nanoTime.getAsLong());
    var cached = candidates.column(Signal.CACHED_TOKENS);
    var inFlight = candidates.column(Signal.IN_FLIGHT);
    var decode = candidates.column(Signal.DECODE_SECONDS_PER_TOKEN);
    double usualDecode = usualDecode(decode, candidates.size());
    for (int i = 0; i < candidates.size(); i++) {
      var work = works.get(candidates.endpoint(i));
      double output = outputTokens(request, work, slot);
      double perToken = isPositive(decode[i]) ? decode[i] : usualDecode;
      double prefill = gpu.seconds(whole - known(cached[i]), whole);
      double load = total(work, Of.PREFILL_SECONDS, slot) + inFlight[i] * output * perToken;
      loads[i] = load;
      scores[i] = load + prefill * (1 + hitRatio(work, slot));
    }
  }

  /** The best of the known: who was not measured yet must get a chance to be. */
  private static double usualDecode(double[] decode, int size) {
    double best = Double.POSITIVE_INFINITY;
    for (int i = 0; i < size; i++) {
      best = isPositive(decode[i]) ? Math.min(best, decode[i]) : best;
    }
    return Double.isFinite(best) ? best : USUAL_DECODE_SECONDS;
  }

  private static boolean isPositive(double seconds) {
    return Double.isFinite(seconds) && seconds > 0;
  }

  private double outputTokens(RouteRequest request, @Nullable EndpointWork work, long slot) {
    double answers = total(work, Of.ANSWERS, slot);
    if (answers > 0) {
      return total(work, Of.OUTPUT_TOKENS, slot) / answers;
    }
    double expected = request.expectedOutputTokens();
    return isPositive(expected) ? expected : usualOutput;
  }

  private double hitRatio(@Nullable EndpointWork work, long slot) {
    double prompts = total(work, Of.PROMPT_TOKENS, slot);
    return prompts > 0 ? total(work, Of.CACHED_TOKENS, slot) / prompts : 0;
  }

  private double total(@Nullable EndpointWork work, Of what, long slot) {
    return work == null ? 0 : work.total(what, slot, window);
  }

  private boolean exploits(double[] cached, double whole, double[] scores, int size) {
    int best = -1;
    double lightest = Double.POSITIVE_INFINITY;
    for (int i = 0; i < size; i++) {
      if (Double.isFinite(scores[i])) {
        lightest = Math.min(lightest, loads[i]);
        if (isExploitable(cached[i], whole) && (best < 0 || scores[i] < scores[best])) {
          best = i;
        }
      }
    }
    return best >= 0 && loads[best] <= balance * lightest + gpu.seconds(whole, whole);
  }

  @Override
  public void onReserved(RouteRequest request, Endpoint endpoint) {
    double cached = known(recent.take(request, endpoint));
    double whole = Math.max(promptTokens(request), cached);
    long slot = EndpointWork.slot(nanoTime.getAsLong());
    var work = work(endpoint, slot);
    if (work != null) {
      work.add(Of.PREFILL_SECONDS, slot, gpu.seconds(whole - cached, whole));
      work.add(Of.PROMPT_TOKENS, slot, whole);
      work.add(Of.CACHED_TOKENS, slot, cached);
    }
  }

  /** Endpoints come and go; those with nothing to remember make room. */
  private @Nullable EndpointWork work(Endpoint endpoint, long slot) {
    var known = works.get(endpoint);
    if (known != null) {
      return known;
    }
    if (works.size() >= MAX_ENDPOINTS) {
      works.values().removeIf(work -> work.idle(slot));
    }
    return works.size() >= MAX_ENDPOINTS
        ? null
        : works.computeIfAbsent(endpoint, fresh -> new EndpointWork());
  }

  @Override
  public void onCompleted(RouteRequest request, Endpoint endpoint, Completion completion) {
    var work = works.get(endpoint);
    if (work != null
        && completion.status() < FIRST_ERROR_STATUS
        && isPositive(completion.outputTokens())) {
      long slot = EndpointWork.slot(nanoTime.getAsLong());
      work.add(Of.OUTPUT_TOKENS, slot, completion.outputTokens());
      work.add(Of.ANSWERS, slot, 1);
    }
  }
}
