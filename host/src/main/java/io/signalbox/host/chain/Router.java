package io.signalbox.host.chain;

import io.signalbox.host.chain.RoutingResult.EndpointsAtLimit;
import io.signalbox.host.chain.RoutingResult.Invalid;
import io.signalbox.host.chain.RoutingResult.NoCandidates;
import io.signalbox.host.chain.RoutingResult.Shed;
import io.signalbox.host.chain.RoutingResult.UnknownModel;
import io.signalbox.host.endpoint.ExchangeListener;
import io.signalbox.host.limits.Admission;
import io.signalbox.host.limits.Limiter;
import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.request.TokenCounter;
import io.signalbox.host.signals.FleetSnapshot;
import io.signalbox.host.signals.ModelSnapshot;
import io.signalbox.sdk.RouteRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

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
  private final WaitingRoom waitingRoom;
  private final List<ExchangeListener> listeners;
  private final TokenCounter tokens;
  private final Limiter limiter;
  private final Executor loop;
  private final Sampling sampling;
  private final ArrayDeque<Decision> spare = new ArrayDeque<>();
  private FleetSnapshot snapshot;
  private ChainChoice chains;
  private Shedding shedding;
  private FlowControl flowControl;

  /**
   * What a router is given by the event loop it belongs to.
   *
   * @param random used by this router's thread only
   * @param nanoTime monotonic, as {@link System#nanoTime()}
   * @param timers for the deadlines of strategies that are asked
   * @param loop runs tasks on the event loop, soon
   * @param shared the same for all event loops
   */
  public record Surroundings(
      RandomGenerator random, LongSupplier nanoTime, Timers timers, Executor loop, Shared shared) {
    /** Alone, without listeners, and nothing is known of a request at an endpoint. */
    public Surroundings(RandomGenerator random, LongSupplier nanoTime, Timers timers) {
      this(random, nanoTime, timers, Runnable::run, Shared.nothing(nanoTime));
    }
  }

  /**
   * What the routers of a host share.
   *
   * @param requestSignals what is known of a request at an endpoint
   * @param listeners learn of every exchange
   * @param queues of requests that wait
   * @param tokens counts prompts for chains that work with their length
   * @param decisionsRatio the share of decisions that are published, 0 to 1
   * @param limiter of users, models and endpoints
   */
  public record Shared(
      RequestSignals requestSignals,
      List<ExchangeListener> listeners,
      Queues queues,
      TokenCounter tokens,
      double decisionsRatio,
      Limiter limiter) {
    public Shared {
      listeners = List.copyOf(listeners);
    }

    /** Without limits. */
    public Shared(
        RequestSignals requestSignals,
        List<ExchangeListener> listeners,
        Queues queues,
        TokenCounter tokens,
        double decisionsRatio) {
      this(requestSignals, listeners, queues, tokens, decisionsRatio, Limiter.none());
    }

    /** Likewise, with this limiter. */
    public Shared(
        RequestSignals requestSignals,
        List<ExchangeListener> listeners,
        Queues queues,
        Limiter limiter) {
      this(requestSignals, listeners, queues, TokenCounter.NONE, 0, limiter);
    }

    /** Without publishing decisions. */
    public Shared(
        RequestSignals requestSignals,
        List<ExchangeListener> listeners,
        Queues queues,
        TokenCounter tokens) {
      this(requestSignals, listeners, queues, tokens, 0);
    }

    /** Without tokenizers, too. */
    public Shared(RequestSignals requestSignals, List<ExchangeListener> listeners, Queues queues) {
      this(requestSignals, listeners, queues, TokenCounter.NONE);
    }

    private static Shared nothing(LongSupplier nanoTime) {
      return new Shared(RequestSignals.UNKNOWN, List.of(), new Queues(nanoTime));
    }
  }

  /** A router for one event loop. */
  public Router(RoutingPlan plan, FleetSnapshot snapshot, Surroundings surroundings) {
    this.random = surroundings.random();
    this.nanoTime = surroundings.nanoTime();
    this.timers = surroundings.timers();
    this.requestSignals = surroundings.shared().requestSignals();
    this.waitingRoom = new WaitingRoom(this, surroundings);
    this.listeners =
        Stream.concat(surroundings.shared().listeners().stream(), Stream.of(waitingRoom)).toList();
    this.tokens = surroundings.shared().tokens();
    this.limiter = surroundings.shared().limiter();
    this.loop = surroundings.loop();
    this.sampling = new Sampling(surroundings.shared().decisionsRatio(), random, nanoTime);
    this.snapshot = snapshot;
    this.chains = chains(plan);
    this.shedding = plan.shedding();
    this.flowControl = plan.flowControl();
  }

  private ChainChoice chains(RoutingPlan plan) {
    return new ChainChoice(plan, new ChainCache(plan, new ChainCompiler(plan, random, nanoTime)));
  }

  /** Decides on this snapshot from now on. */
  public void use(FleetSnapshot newer) {
    snapshot = newer;
    waitingRoom.lookAll();
  }

  /** Decides by this plan from now on; strategies start afresh. */
  public void use(RoutingPlan plan) {
    chains = chains(plan);
    shedding = plan.shedding();
    flowControl = plan.flowControl();
  }

  /** The snapshot in use. */
  public FleetSnapshot snapshot() {
    return snapshot;
  }

  /**
   * Chooses an endpoint for a request and counts the request as in flight there.
   *
   * @param then told the result once, on this event loop: before this returns, or later where the
   *     request waits for its turn, or the chain asks a strategy that lives elsewhere. Who no
   *     longer wants it then must release the reservation.
   * @return to be cancelled where the result is no longer wanted
   */
  public Pending route(RouteRequest request, Consumer<RoutingResult> then) {
    var model = snapshot.model(request.model());
    if (model.isEmpty()) {
      then.accept(new UnknownModel(request.model()));
      return Pending.NOT_WAITING;
    }
    var flow = flowControl.of(request.model());
    if (!flow.isOn() && shedding.sheds(request, model.get(), flow.fullness())) {
      then.accept(new Shed(request.model()));
      return Pending.NOT_WAITING;
    }
    ChosenChain chosen;
    try {
      chosen = chains.find(request);
    } catch (ChainException e) {
      then.accept(new Invalid(e));
      return Pending.NOT_WAITING;
    }
    if (!limiter.limits(request.model())) {
      return enter(request, chosen, then);
    }
    var admittance = new Admittance(this, request, chosen, then);
    limiter.admit(request, chosen.limitedBy(), loop, admittance::admitted);
    return admittance;
  }

  /** Decides on a request that was admitted, at once or when its turn comes. */
  Pending enter(RouteRequest request, ChosenChain chosen, Consumer<RoutingResult> then) {
    var rule = flowControl.of(request.model()).rule(chosen.chain());
    if (rule != null) {
      return waitingRoom.enter(request, chosen, rule, then);
    }
    decide(request, chosen, then);
    return Pending.NOT_WAITING;
  }

  /** Chooses again, but not what failed the request before; the request had its turn. */
  public void routeAround(RouteRequest request, Detour detour, Consumer<RoutingResult> then) {
    routeAround(request, detour, Admission.NONE, then);
  }

  /**
   * The same.
   *
   * @param admission what the request was admitted with, as the {@link Observation} gave it
   */
  public void routeAround(
      RouteRequest request, Detour detour, Admission admission, Consumer<RoutingResult> then) {
    Consumer<RoutingResult> told = result -> then.accept(Admittance.with(admission, result));
    try {
      decide(request, chains.find(request), detour, told);
    } catch (ChainException e) {
      told.accept(new Invalid(e));
    }
  }

  /** Chooses by a chain, whether or not requests wait for it. */
  void decide(RouteRequest request, ChosenChain chosen, Consumer<RoutingResult> then) {
    decide(request, chosen, Detour.NONE, then);
  }

  private void decide(
      RouteRequest request, ChosenChain chosen, Detour detour, Consumer<RoutingResult> then) {
    var decision = decision(request, chosen, then);
    if (EXPLAIN.equals(request.header(EXPLAIN_HEADER))) {
      decision.explain();
    } else if (sampling.choose()) {
      decision.sample();
    }
    decision.around(detour);
    InferenceRequest.spanOf(request).deciding();
    if (candidates(decision)) {
      run(decision, chosen.chain(), request);
    }
  }

  /** Begins a decision again, on the endpoints as they are now. */
  void start(Decision decision) {
    if (candidates(decision)) {
      decision.run();
    }
  }

  /** False where there are none, and the decision is over. */
  private boolean candidates(Decision decision) {
    var request = decision.request();
    var candidates = decision.candidates();
    candidates.reset(request, snapshot.model(request.model()).orElse(ModelSnapshot.EMPTY));
    if (!decision.detour().equals(Detour.NONE)) {
      candidates.avoid(decision.detour());
    }
    flowControl.of(request.model()).narrow(candidates, decision.chain());
    if (candidates.size() > 0) {
      return true;
    }
    var atLimit = candidates.atLimit();
    decision.end(
        atLimit == null
            ? new NoCandidates(request.model())
            : new EndpointsAtLimit(request.model(), atLimit));
    return false;
  }

  private void run(Decision decision, Chain chain, RouteRequest request) {
    if (!chain.countsTokens()
        || !(request instanceof InferenceRequest inference)
        || inference.textToCount().isEmpty()) {
      decision.run();
    } else if (chain.looksAtCaches() && tokens.tokenizes(inference)) {
      tokens
          .tokenize(inference)
          .onSuccess(inference::tokenized)
          .onComplete(tokenized -> decision.run());
    } else if (tokens.counts(request.model())) {
      tokens
          .count(request.model(), inference.textToCount())
          .onSuccess(inference::counted)
          .onComplete(counted -> decision.run());
    } else {
      decision.run();
    }
  }

  private Decision decision(
      RouteRequest request, ChosenChain chosen, Consumer<RoutingResult> then) {
    var used = spare.pollLast();
    return used == null
        ? new Decision(this, request, chosen, then)
        : used.reset(request, chosen, then);
  }

  /** A decision is over, and may be used again. */
  void takeBack(Decision decision) {
    if (spare.size() < MAX_SPARE) {
      spare.addLast(decision);
    }
  }

  /** How long a request may wait for its turn; 0 where it would not wait. */
  Duration longestWait(RouteRequest request, ChosenChain chosen) {
    var rule = flowControl.of(request.model()).rule(chosen.chain());
    return rule == null ? Duration.ZERO : waitingRoom.longestWait(request, chosen, rule);
  }

  /** Knows users, and limits them. */
  public Limiter limiter() {
    return limiter;
  }

  WaitingRoom waitingRoom() {
    return waitingRoom;
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
