package io.signalbox.host.chain;

import io.signalbox.host.chain.RoutingResult.Invalid;
import io.signalbox.host.chain.RoutingResult.NoCandidates;
import io.signalbox.host.chain.RoutingResult.UnknownModel;
import io.signalbox.host.endpoint.ExchangeListener;
import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.request.TokenCounter;
import io.signalbox.host.signals.FleetSnapshot;
import io.signalbox.host.signals.ModelSnapshot;
import io.signalbox.sdk.RouteRequest;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Decides. One per event loop, used on that loop only; takes no lock, blocks on nothing.
 *
 * <p>{@link ChainChoice} says which chain does.
 */
public final class Router {
  /** The request header that asks for a chain. */
  public static final String HEADER = "routing-strategy";

  /** The request header that asks for an explanation, with {@value #EXPLAIN}. */
  public static final String EXPLAIN_HEADER = "x-signalbox-explain";

  private static final String EXPLAIN = "1";

  /** Decisions kept for reuse; more than wait for answers at a time are garbage afterwards. */
  private static final int MAX_SPARE = 64;

  private final RandomGenerator random;
  private final LongSupplier nanoTime;
  private final Timers timers;
  private final RequestSignals requestSignals;
  private final List<ExchangeListener> listeners;
  private final TokenCounter tokens;
  private final ArrayDeque<Decision> spare = new ArrayDeque<>();
  private FleetSnapshot snapshot;
  private ChainChoice chains;

  /**
   * What a router is given by the event loop it belongs to.
   *
   * @param random used by this router's thread only
   * @param nanoTime monotonic, as {@link System#nanoTime()}
   * @param timers for the deadlines of strategies that are asked
   * @param requestSignals what is known of a request at an endpoint
   * @param listeners learn of every exchange; usually shared by all event loops
   * @param tokens counts prompts for chains that work with their length
   */
  public record Surroundings(
      RandomGenerator random,
      LongSupplier nanoTime,
      Timers timers,
      RequestSignals requestSignals,
      List<ExchangeListener> listeners,
      TokenCounter tokens) {
    public Surroundings {
      listeners = List.copyOf(listeners);
    }

    /** Without tokenizers. */
    public Surroundings(
        RandomGenerator random,
        LongSupplier nanoTime,
        Timers timers,
        RequestSignals requestSignals,
        List<ExchangeListener> listeners) {
      this(random, nanoTime, timers, requestSignals, listeners, TokenCounter.NONE);
    }

    /** Without listeners or tokenizers, and nothing is known of a request at an endpoint. */
    public Surroundings(RandomGenerator random, LongSupplier nanoTime, Timers timers) {
      this(random, nanoTime, timers, RequestSignals.UNKNOWN, List.of(), TokenCounter.NONE);
    }
  }

  /** A router for one event loop. */
  public Router(RoutingPlan plan, FleetSnapshot snapshot, Surroundings surroundings) {
    this.random = surroundings.random();
    this.nanoTime = surroundings.nanoTime();
    this.timers = surroundings.timers();
    this.requestSignals = surroundings.requestSignals();
    this.listeners = surroundings.listeners();
    this.tokens = surroundings.tokens();
    this.snapshot = snapshot;
    this.chains = chains(plan);
  }

  private ChainChoice chains(RoutingPlan plan) {
    return new ChainChoice(plan, new ChainCache(plan, new ChainCompiler(plan, random, nanoTime)));
  }

  /** Decides on this snapshot from now on. */
  public void use(FleetSnapshot newer) {
    snapshot = newer;
  }

  /** Decides by this plan from now on; strategies start afresh. */
  public void use(RoutingPlan plan) {
    chains = chains(plan);
  }

  /** The snapshot in use. */
  public FleetSnapshot snapshot() {
    return snapshot;
  }

  /**
   * Chooses an endpoint for a request and counts the request as in flight there.
   *
   * @param then told the result once, on this event loop: before this returns, or later where the
   *     chain asks a strategy that lives elsewhere. Who no longer wants it then must release the
   *     reservation.
   */
  public void route(RouteRequest request, Consumer<RoutingResult> then) {
    var model = snapshot.model(request.model());
    if (model.isEmpty()) {
      then.accept(new UnknownModel(request.model()));
    } else {
      decide(request, model.get(), Optional.empty(), then);
    }
  }

  /** Chooses again, but not the address that could not be reached. */
  public void routeAround(RouteRequest request, String unreachable, Consumer<RoutingResult> then) {
    var model = snapshot.model(request.model()).orElse(ModelSnapshot.EMPTY);
    decide(request, model, Optional.of(unreachable), then);
  }

  private void decide(
      RouteRequest request,
      ModelSnapshot model,
      Optional<String> unreachable,
      Consumer<RoutingResult> then) {
    Chain chain;
    try {
      chain = chains.find(request);
    } catch (ChainException e) {
      then.accept(new Invalid(e));
      return;
    }
    var decision = decision(request, chain, then);
    decision.addHeaders(chains.headers(request));
    if (EXPLAIN.equals(request.header(EXPLAIN_HEADER))) {
      decision.explain();
    }
    var candidates = decision.candidates();
    candidates.reset(request, model);
    unreachable.ifPresent(candidates::exclude);
    if (candidates.size() == 0) {
      takeBack(decision);
      then.accept(new NoCandidates(request.model()));
    } else {
      run(decision, chain, request);
    }
  }

  private void run(Decision decision, Chain chain, RouteRequest request) {
    if (chain.countsTokens()
        && tokens.counts(request.model())
        && request instanceof InferenceRequest inference
        && !inference.textToCount().isEmpty()) {
      tokens
          .count(request.model(), inference.textToCount())
          .onSuccess(inference::counted)
          .onComplete(counted -> decision.run());
    } else {
      decision.run();
    }
  }

  private Decision decision(RouteRequest request, Chain chain, Consumer<RoutingResult> then) {
    var used = spare.pollLast();
    return used == null
        ? new Decision(this, request, chain, then)
        : used.reset(request, chain, then);
  }

  /** A decision is over, and may be used again. */
  void takeBack(Decision decision) {
    if (spare.size() < MAX_SPARE) {
      spare.addLast(decision);
    }
  }

  RandomGenerator random() {
    return random;
  }

  LongSupplier nanoTime() {
    return nanoTime;
  }

  List<ExchangeListener> listeners() {
    return listeners;
  }

  RequestSignals requestSignals() {
    return requestSignals;
  }

  Timers timers() {
    return timers;
  }
}
