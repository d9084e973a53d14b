package io.signalbox.host.chain;

import io.signalbox.host.chain.RoutingResult.Invalid;
import io.signalbox.host.chain.RoutingResult.NoCandidates;
import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.chain.RoutingResult.Rejected;
import io.signalbox.host.chain.RoutingResult.UnknownModel;
import io.signalbox.host.signals.FleetSnapshot;
import io.signalbox.host.signals.ModelSnapshot;
import io.signalbox.sdk.RouteRequest;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Decides. One per event loop, used on that loop only; takes no lock, blocks on nothing.
 *
 * <p>The chain is the one the request header {@value #HEADER} asks for, else the configured
 * default.
 */
public final class Router {
  /** The request header that asks for a chain. */
  public static final String HEADER = "routing-strategy";

  private final RandomGenerator random;
  private final LongSupplier nanoTime;
  private final CandidateSet candidates = new CandidateSet();
  private final Degradations degradations = new Degradations();
  private FleetSnapshot snapshot;
  private ChainCache chains;

  /**
   * A router for one event loop.
   *
   * @param random used by this router's thread only
   * @param nanoTime monotonic, as {@link System#nanoTime()}
   */
  public Router(
      RoutingPlan plan, FleetSnapshot snapshot, RandomGenerator random, LongSupplier nanoTime) {
    this.random = random;
    this.nanoTime = nanoTime;
    this.snapshot = snapshot;
    this.chains = chains(plan);
  }

  private ChainCache chains(RoutingPlan plan) {
    return new ChainCache(plan, new ChainCompiler(plan, random, nanoTime));
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

  /** Chooses an endpoint for a request and counts the request as in flight there. */
  public RoutingResult route(RouteRequest request) {
    var model = snapshot.model(request.model());
    if (model.isEmpty()) {
      return new UnknownModel(request.model());
    }
    candidates.reset(model.get());
    return decide(request);
  }

  /** Chooses again, but not the address that could not be reached. */
  public RoutingResult routeAround(RouteRequest request, String unreachable) {
    candidates.reset(snapshot.model(request.model()).orElse(ModelSnapshot.EMPTY));
    candidates.exclude(unreachable);
    return decide(request);
  }

  private RoutingResult decide(RouteRequest request) {
    Chain chain;
    try {
      chain = chains.find(request.header(HEADER));
    } catch (ChainException e) {
      return new Invalid(e);
    }
    if (candidates.size() == 0) {
      return new NoCandidates(request.model());
    }
    degradations.clear();
    int choice = chain.run(request, candidates, degradations, random);
    if (choice == Chain.REFUSED) {
      return new Rejected(request.model(), chain.text());
    }
    var endpoint = candidates.endpoint(choice);
    return new Picked(endpoint, endpoint.reserve(), chain.text(), degradations.text());
  }
}
