package io.signalbox.strategies.pd;

import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.Completion;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.ExchangeObserver;
import io.signalbox.sdk.PairChoice;
import io.signalbox.sdk.PairPicker;
import io.signalbox.sdk.Parameter;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Signal;
import io.signalbox.sdk.Strategy;
import io.signalbox.sdk.StrategyContext;
import io.signalbox.sdk.StrategyFactory;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chooses a prefill and a decode endpoint of the same role set.
 *
 * <p>Role sets are told by labels: {@link Role}, {@link PromptBucket}. Only those count that have
 * an endpoint for each part. Where counts are far apart, the least loaded wins at once: {@link
 * PrefillScoring#narrow}, {@link DecodeScoring#narrow}. Otherwise each part is scored by its
 * policy, and the role set wins whose best prefill score / the highest + best decode score / the
 * highest is the lowest. Endpoints that do both stand in where no role set can serve, and with
 * {@code prompt-buckets} relieve overloaded ones: {@link Relief}.
 *
 * <p>The rules are those of AIBrix' pd, without its preference of busy endpoints under the decode
 * policy conductor, and without taking a missing rate for a number. The number of decodes pending
 * is part of {@link Signal#IN_FLIGHT}, which counts from the decision on; prefills outstanding are
 * counted here, from the decision to the end of the prefill, the first token or the end.
 *
 * <p>All event loops share the counts of prefills. A few passes over the candidates; allocates only
 * the answer, and for an endpoint it has not met.
 */
public final class Pd implements PairPicker, ExchangeObserver {
  /** More requests in flight on one event loop are not counted. */
  private static final int MAX_PREFILLS = 100_000;

  private final Outstanding outstanding;
  private final PairSearch search;
  private final IdentityHashMap<RouteRequest, Endpoint> prefills = new IdentityHashMap<>();
  private @Nullable Endpoint chosenPrefill;
  private @Nullable Endpoint chosenDecode;

  private Pd(Outstanding outstanding, StrategyContext context) {
    this.outstanding = outstanding;
    this.search =
        new PairSearch(PdParameters.read(context.parameters()), outstanding, context.random());
  }

  /** The factory of {@code pd}; its strategies share the counts of prefills. */
  public static StrategyFactory factory() {
    return factory(new Outstanding());
  }

  static StrategyFactory factory(Outstanding outstanding) {
    return new Factory(outstanding);
  }

  private record Factory(Outstanding outstanding) implements StrategyFactory {
    @Override
    public String id() {
      return "pd";
    }

    @Override
    public Set<Signal> needs() {
      return PairSearch.NEEDS;
    }

    @Override
    public List<Parameter> parameters() {
      return PdParameters.DECLARED;
    }

    @Override
    public Strategy create(StrategyContext context) {
      return new Pd(outstanding, context);
    }
  }

  @Override
  public PairChoice pickPair(RouteRequest request, Candidates candidates) {
    int decode = pick(request, candidates);
    if (decode == NO_CHOICE) {
      return new PairChoice.NoPair(search.problem());
    }
    return search.prefill() == decode
        ? new PairChoice.Combined(decode)
        : new PairChoice.Pair(search.prefill(), decode);
  }

  @Override
  public PairChoice pickCombined(RouteRequest request, Candidates candidates) {
    chosenPrefill = null;
    chosenDecode = null;
    return search.runCombined(request, candidates)
        ? new PairChoice.Combined(search.decode())
        : new PairChoice.NoPair(search.problem());
  }

  @Override
  public int pick(RouteRequest request, Candidates candidates) {
    boolean found = search.run(request, candidates);
    boolean two = found && search.prefill() != search.decode();
    chosenPrefill = two ? candidates.endpoint(search.prefill()) : null;
    chosenDecode = two ? candidates.endpoint(search.decode()) : null;
    return found ? search.decode() : NO_CHOICE;
  }

  /** Follows the choice before another is made, on the same thread, where there is one. */
  @Override
  public void onReserved(RouteRequest request, Endpoint endpoint) {
    var prefill = chosenPrefill;
    boolean ours = prefill != null && endpoint.equals(chosenDecode);
    chosenPrefill = null;
    chosenDecode = null;
    end(request);
    if (ours && prefill != null && prefills.size() < MAX_PREFILLS) {
      prefills.put(request, prefill);
      outstanding.begin(prefill);
    }
  }

  @Override
  public void onPrefilled(RouteRequest request, Endpoint prefill) {
    end(request);
  }

  @Override
  public void onFirstToken(RouteRequest request, Endpoint endpoint, double seconds) {
    end(request);
  }

  @Override
  public void onCompleted(RouteRequest request, Endpoint endpoint, Completion completion) {
    end(request);
  }

  @Override
  public void onFailed(RouteRequest request, Endpoint endpoint) {
    end(request);
  }

  @Override
  public void onCancelled(RouteRequest request, Endpoint endpoint) {
    end(request);
  }

  private void end(RouteRequest request) {
    var prefill = prefills.remove(request);
    if (prefill != null) {
      outstanding.end(prefill);
    }
  }
}
