package io.signalbox.host.chain;

import io.signalbox.host.chain.Observation.Observers;
import io.signalbox.host.chain.RoutingResult.EndpointsAtLimit;
import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.chain.RoutingResult.RefusedByStrategy;
import io.signalbox.host.chain.RoutingResult.Rejected;
import io.signalbox.host.chain.RoutingResult.Unpaired;
import io.signalbox.host.chain.Stage.Outcome;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.strategy.StageCall;
import io.signalbox.host.tracing.RequestSpan;
import io.signalbox.sdk.RequestRefusedException;
import io.signalbox.sdk.RouteRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One decision: runs a chain over the candidates of a request, waits where a strategy is asked, and
 * tells the result. Belongs to one event loop, and is used again for another decision afterwards.
 */
final class Decision {
  /** Names the endpoint that computes the prompt for the chosen one. */
  private static final String PREFILL_HEADER = "prefill-target-pod";

  /** How often a place may be gone when it is taken. */
  private static final int MOST_ATTEMPTS = 16;

  /*
   * stage is the one being applied. A direct stage is applied at once. Of an asking stage all calls
   * are made, and open counts those that have not ended, plus one while they are being made, so that
   * one answered at once does not go on in the middle. Whoever brings open to 0 applies the stage and
   * goes on: the last answer, or the deadline, which ends the calls that are left. A call ends once,
   * so an answer that comes late never reaches the next decision that uses this object.
   */
  private final Router router;
  private final CandidateSet candidates;
  private final Degradations degradations = new Degradations();
  private final BitSet fellBack = new BitSet();
  private final List<StageCall> calls = new ArrayList<>();
  private final List<StageCall> followed = new ArrayList<>();
  private RouteRequest request;
  private Chain chain;
  private ChosenChain chosen;
  private Consumer<RoutingResult> then;
  private RequestSpan span;
  private @Nullable Explaining explaining;
  private boolean explained;
  private int stage;
  private int before;
  private Detour detour = Detour.NONE;
  private int attempts;
  private int open;
  private Timers.@Nullable Timer deadline;
  private @Nullable RequestRefusedException refusal;

  Decision(Router router, RouteRequest request, ChosenChain chosen, Consumer<RoutingResult> then) {
    this.router = router;
    this.candidates = new CandidateSet(router.requestSignals(), router.limiter());
    this.request = request;
    this.chosen = chosen;
    this.chain = chosen.chain();
    this.then = then;
    this.span = InferenceRequest.spanOf(request);
  }

  /** Makes this the decision on another request. */
  Decision reset(RouteRequest request, ChosenChain chosen, Consumer<RoutingResult> then) {
    this.request = request;
    this.chosen = chosen;
    this.chain = chosen.chain();
    this.then = then;
    this.span = InferenceRequest.spanOf(request);
    degradations.clear();
    fellBack.clear();
    explaining = null;
    explained = false;
    stage = 0;
    detour = Detour.NONE;
    attempts = 0;
    return this;
  }

  /** Leaves this aside. */
  void around(Detour failed) {
    detour = failed;
  }

  RouteRequest request() {
    return request;
  }

  Chain chain() {
    return chain;
  }

  Detour detour() {
    return detour;
  }

  /** Takes notes, for {@link Picked#explanation}. */
  void explain() {
    explaining = new Explaining();
    explained = true;
  }

  /** Takes notes, for {@link Picked#sample}. */
  void sample() {
    explaining = new Explaining();
  }

  /** To be filled before {@link #run}; at least one. */
  CandidateSet candidates() {
    return candidates;
  }

  /**
   * Narrows the candidates stage by stage, and chooses one of those left at random; tells the
   * result before it returns unless a stage has to wait.
   */
  void run() {
    while (stage < chain.length()) {
      before = candidates.size();
      if (explaining != null) {
        explaining.begin(candidates);
      }
      var outcome =
          switch (current()) {
            case Stage.Direct direct -> apply(direct);
            case Stage.Asking asking -> ask(asking);
          };
      if (outcome == null || !goesOn(outcome)) {
        return;
      }
    }
    choose();
  }

  /** The stage being applied, or what stands in for it. */
  private Stage current() {
    var fallback = fellBack.get(stage) ? chain.fallback(stage) : null;
    return fallback == null ? chain.stage(stage) : fallback;
  }

  /**
   * Notes what became of the stage and steps to the next, or to what stands in for it; false where
   * the request is refused.
   */
  private boolean goesOn(Outcome outcome) {
    if (explaining != null) {
      explaining.end(current(), outcome, candidates, calls);
    }
    if (span.isRecording()) {
      span.stage(current().text(), outcome.id(), before, candidates.size());
    }
    if (outcome == Outcome.REFUSED) {
      end(refused());
      return false;
    }
    if (outcome.degraded()) {
      degradations.add(current(), outcome);
      if (chain.fallback(stage) != null && !fellBack.get(stage)) {
        fellBack.set(stage);
        return true;
      }
      if (outcome == Outcome.NO_PAIR) {
        end(new Unpaired(request.model(), String.valueOf(candidates.noPair())));
        return false;
      }
    }
    stage++;
    return true;
  }

  private RoutingResult refused() {
    return refusal == null
        ? new Rejected(request.model(), chain.text())
        : new RefusedByStrategy(refusal.status(), String.valueOf(refusal.getMessage()));
  }

  /** A strategy may throw anything; the request goes on without it. */
  private Outcome apply(Stage.Direct direct) {
    try {
      return direct.apply(request, candidates);
    } catch (RequestRefusedException e) {
      refusal = e;
      return Outcome.REFUSED;
    } catch (Throwable e) {
      chain.failed(direct, e);
      return Outcome.FAILED;
    }
  }

  /** Null where the answers are waited for. */
  private @Nullable Outcome ask(Stage.Asking asking) {
    var frozen = candidates.frozen();
    var asked = asking.asked();
    calls.clear();
    open = asked.size() + 1;
    for (var use : asked) {
      calls.add(use.call(request, frozen, asking.deadline(), this::ended));
    }
    for (int i = 0; i < asked.size(); i++) {
      ask(asked.get(i), calls.get(i));
    }
    if (--open == 0) {
      return applied(asking);
    }
    deadline = router.timers().after(asking.deadline(), this::late);
    return null;
  }

  private static void ask(Asked asked, StageCall call) {
    try {
      asked.strategy().ask(call);
    } catch (Throwable e) {
      call.failed(String.valueOf(e));
    }
  }

  private void late() {
    deadline = null;
    // The last of them goes on with the decision, which then asks again or is over.
    for (var call : List.copyOf(calls)) {
      call.late();
    }
  }

  private void ended(StageCall call) {
    if (--open > 0) {
      return;
    }
    if (deadline != null) {
      deadline.cancel();
      deadline = null;
    }
    if (goesOn(applied((Stage.Asking) current()))) {
      run();
    }
  }

  private Outcome applied(Stage.Asking asking) {
    for (var call : calls) {
      if (call.refusal() != null) {
        refusal = call.refusal();
        return Outcome.REFUSED;
      }
      if (call.state() == StageCall.State.FAILED) {
        chain.failed(asking, call.problem());
      }
      if (call.isFollowed()) {
        followed.add(call);
      }
    }
    try {
      return asking.apply(request, candidates, calls);
    } catch (Throwable e) {
      chain.failed(asking, e);
      return Outcome.FAILED;
    }
  }

  private void choose() {
    int choice = candidates.size() == 1 ? 0 : router.random().nextInt(candidates.size());
    var endpoint = candidates.endpoint(choice);
    var place = candidates.take(endpoint);
    if (place == null) {
      again();
      return;
    }
    var explanation = explanation(endpoint);
    if (chain.looksAtCaches()) {
      router.requestSignals().missingOfCaches(request).ifPresent(degradations::add);
    }
    var picked =
        new Picked(
            endpoint,
            Optional.ofNullable(candidates.prefill()),
            place.reservation(),
            new Observation(
                router, new Observers(chain.observers(), place.admission()), request, endpoint),
            chain.text(fellBack),
            chosen.profile(),
            degradations.text(),
            headers(endpoint),
            explained ? explanation : Optional.empty(),
            explained ? Optional.empty() : explanation,
            candidates.fallbacks(endpoint));
    if (span.isRecording()) {
      span.chose(choice(picked, candidates.engine(choice)));
    }
    tellFollowers(endpoint);
    end(picked);
  }

  private static RequestSpan.Choice choice(Picked picked, String engine) {
    return new RequestSpan.Choice(
        picked.chain(),
        picked.profile(),
        place(picked.endpoint()),
        engine,
        picked.prefill().map(RegisteredEndpoint::address));
  }

  /** An endpoint as spans name it. */
  static RequestSpan.Place place(RegisteredEndpoint endpoint) {
    return new RequestSpan.Place(endpoint.address(), endpoint.host(), endpoint.port());
  }

  /**
   * Another event loop took the last place within the endpoint's limits. Each time somebody got
   * one, so this does not go on for long.
   */
  private void again() {
    if (++attempts == MOST_ATTEMPTS) {
      end(new EndpointsAtLimit(request.model(), Duration.ZERO));
      return;
    }
    degradations.clear();
    fellBack.clear();
    calls.clear();
    followed.clear();
    explaining = explaining == null ? null : new Explaining();
    span.deciding();
    stage = 0;
    router.start(this);
  }

  private Optional<Explanation> explanation(RegisteredEndpoint endpoint) {
    return explaining == null
        ? Optional.empty()
        : Optional.of(
            explaining.explanation(
                request.model(), chain.text(fellBack), chosen.profile(), endpoint.address()));
  }

  private Map<String, String> headers(RegisteredEndpoint endpoint) {
    var sources = chain.headerSources();
    var prefill = candidates.prefill();
    if (sources.isEmpty() && prefill == null) {
      return chosen.headers();
    }
    var all = new LinkedHashMap<>(chosen.headers());
    if (prefill != null) {
      all.put(PREFILL_HEADER, prefill.address());
    }
    for (var source : sources) {
      try {
        source.responseHeaders(request, endpoint, all::put);
      } catch (Throwable e) {
        chain.failed(source, e);
      }
    }
    return all;
  }

  private void tellFollowers(RegisteredEndpoint endpoint) {
    for (int i = 0; i < followed.size(); i++) {
      followed.get(i).chosen(endpoint);
    }
  }

  /** The object may serve the next decision while the listener is told. */
  void end(RoutingResult result) {
    var listener = then;
    calls.clear();
    followed.clear();
    refusal = null;
    router.takeBack(this);
    listener.accept(result);
  }
}
