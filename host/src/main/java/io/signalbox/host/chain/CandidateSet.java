package io.signalbox.host.chain;

import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.limits.Admission;
import io.signalbox.host.limits.EndpointLimits;
import io.signalbox.host.limits.EndpointLimits.Place;
import io.signalbox.host.limits.Limiter;
import io.signalbox.host.request.EndpointSubset;
import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.request.Steering;
import io.signalbox.host.signals.ModelSnapshot;
import io.signalbox.host.strategy.EndpointTable;
import io.signalbox.host.strategy.TableCandidates;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Signal;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The candidates of the decision being made. One per event loop, reused for every decision, grown
 * to the largest model met.
 */
final class CandidateSet implements TableCandidates {
  /*
   * positions[0..size) are the places of the candidates in the model snapshot, ascending, so address
   * order is kept. Narrowing compacts it in place. A column is gathered at its first use after a
   * narrowing: gatheredAt[signal] is the generation its array was filled in.
   *
   * Where the proxy wants fallbacks, allowed[0..allowedCount) are the places of those that every
   * filter so far kept, whatever scorers and pickers think of them.
   */
  private static final int SIGNALS = Signal.values().length;

  private final RequestSignals requestSignals;
  private final Limiter limiter;
  private @Nullable RouteRequest request;
  private ModelSnapshot model = ModelSnapshot.EMPTY;
  private int[] positions = new int[0];
  private int size;
  private int generation;
  private final int[] gatheredAt = new int[SIGNALS];
  private final double[][] columns = new double[SIGNALS][];
  private double[] scores = new double[0];
  private double[] totals = new double[0];
  private boolean[] keep = new boolean[0];
  private Steering steering = Steering.NONE;
  private @Nullable EndpointLimits limits;
  private @Nullable Duration atLimit;
  private int[] allowed = new int[0];
  private int allowedCount;
  private @Nullable RegisteredEndpoint prefill;
  private @Nullable String noPair;
  private boolean pairsFailed;

  CandidateSet(RequestSignals requestSignals) {
    this(requestSignals, Limiter.none());
  }

  /** Candidates of which those have no place that are at their limits. */
  CandidateSet(RequestSignals requestSignals, Limiter limiter) {
    this.requestSignals = requestSignals;
    this.limiter = limiter;
    Arrays.fill(columns, new double[0]);
  }

  /**
   * Starts a decision: every ready endpoint of the model is a candidate that its proxy allows, and
   * that has room within its limits.
   */
  void reset(RouteRequest about, ModelSnapshot snapshot) {
    request = about;
    steering = about instanceof InferenceRequest inference ? inference.steering() : Steering.NONE;
    prefill = null;
    noPair = null;
    pairsFailed = false;
    model = snapshot;
    generation++;
    if (positions.length < snapshot.size()) {
      grow(snapshot.size());
    }
    size = snapshot.copyReady(positions);
    steering.subset().ifPresent(this::keepThoseOf);
    limits = limiter.endpoints(about.model());
    atLimit = null;
    if (limits != null && size > 0) {
      keepThoseWithRoom(about, limits);
    }
    allowThese();
  }

  private void keepThoseWithRoom(RouteRequest about, EndpointLimits its) {
    long wait = Long.MAX_VALUE;
    for (int i = 0; i < size; i++) {
      keep[i] = its.hasRoom(endpoint(i), about);
      wait = keep[i] ? wait : Math.min(wait, its.waitNanos(endpoint(i), about));
    }
    retain();
    atLimit = size == 0 ? Duration.ofNanos(wait) : null;
  }

  /** When the first of them may have room; null unless all are at their limits. */
  @Nullable Duration atLimit() {
    return atLimit;
  }

  /** Takes a place at an endpoint; null where its limits have no room for the request any more. */
  @Nullable Place take(RegisteredEndpoint endpoint) {
    return limits == null
        ? new Place(endpoint.reserve(), Admission.NONE)
        : limits.take(endpoint, Objects.requireNonNull(request));
  }

  private void keepThoseOf(EndpointSubset subset) {
    for (int i = 0; i < size; i++) {
      var endpoint = endpoint(i);
      keep[i] = subset.allows(endpoint.host(), endpoint.address());
    }
    retain();
  }

  /** Whoever is no candidate now is no fallback either. */
  void allowThese() {
    if (steering.fallbacks() > 0) {
      allowed = Arrays.copyOf(positions, size);
      allowedCount = size;
    } else {
      allowedCount = 0;
    }
  }

  /**
   * Where to go when the chosen endpoint cannot be reached: those that no filter dropped, with the
   * fewest requests in flight first.
   */
  List<RegisteredEndpoint> fallbacks(RegisteredEndpoint chosen) {
    if (allowedCount == 0) {
      return List.of();
    }
    return Arrays.stream(allowed)
        .mapToObj(model::endpoint)
        .filter(endpoint -> !endpoint.equals(chosen))
        .sorted(Comparator.comparingInt(RegisteredEndpoint::inFlight))
        .limit(steering.fallbacks())
        .toList();
  }

  private void grow(int capacity) {
    positions = new int[capacity];
    scores = new double[capacity];
    totals = new double[capacity];
    keep = new boolean[capacity];
    Arrays.setAll(columns, signal -> new double[capacity]);
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public EndpointTable table() {
    return model;
  }

  /** Where the candidates stand, each in its {@link #row}. */
  ModelSnapshot model() {
    return model;
  }

  @Override
  public int row(int index) {
    return positions[index];
  }

  @Override
  public RegisteredEndpoint endpoint(int index) {
    return model.endpoint(positions[index]);
  }

  /** The kind of engine a candidate turned out to be, or else is configured as; may be empty. */
  String engine(int index) {
    var told = model.engine(positions[index]);
    var configured = endpoint(index).engine();
    return told.isEmpty() && !configured.equals(ModelConfig.DEFAULT_ENGINE) ? configured : told;
  }

  @Override
  public double[] column(Signal signal) {
    var column = columns[signal.ordinal()];
    if (gatheredAt[signal.ordinal()] != generation) {
      gatheredAt[signal.ordinal()] = generation;
      if (signal.source() == Signal.Source.REQUEST && request != null) {
        requestSignals.fill(signal, request, this, column);
      } else {
        model.gather(signal, positions, size, column);
      }
    }
    return column;
  }

  /** Scratch for one strategy's scores, at least {@link #size()} long, all unknown. */
  double[] scores() {
    Arrays.fill(scores, 0, size, Double.NaN);
    return scores;
  }

  /** Scratch for the sums of a weighted stage, at least {@link #size()} long, all 0. */
  double[] totals() {
    Arrays.fill(totals, 0, size, 0);
    return totals;
  }

  /** Scratch for {@link #retain}, at least {@link #size()} long, all false. */
  boolean[] keep() {
    Arrays.fill(keep, 0, size, false);
    return keep;
  }

  /** What was written to {@link #scores}. */
  double[] filledScores() {
    return scores;
  }

  /** What was written to {@link #totals}. */
  double[] filledTotals() {
    return totals;
  }

  /** What was written to {@link #keep()}. */
  boolean[] filledKeep() {
    return keep;
  }

  /** These candidates as they are now, for another thread and for later. */
  TableCandidates frozen() {
    return new FrozenCandidates(
        model, Arrays.copyOf(positions, size), requestSignals, Objects.requireNonNull(request));
  }

  /** Drops every candidate that is not marked in {@link #keep()}. */
  void retain() {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (keep[i]) {
        positions[kept++] = positions[i];
      }
    }
    size = kept;
    generation++;
  }

  /** Leaves one candidate. */
  void retainOnly(int index) {
    positions[0] = positions[index];
    size = 1;
    generation++;
  }

  /** The one left goes on with what this one computes. */
  void prefill(RegisteredEndpoint endpoint) {
    prefill = endpoint;
  }

  /** Where the prompt is computed for the one left; null where it does that itself. */
  @Nullable RegisteredEndpoint prefill() {
    return prefill;
  }

  /** Among these there is no pair. */
  void unpaired(String reason) {
    noPair = reason;
  }

  /** Why there is no pair; null where none was looked for, or one was found. */
  @Nullable String noPair() {
    return noPair;
  }

  /** Whether no pair is wanted, since those before failed the request. */
  boolean pairsFailed() {
    return pairsFailed;
  }

  /** Leaves aside what a request is to be led around. */
  void avoid(Detour detour) {
    for (int i = 0; i < size; i++) {
      keep[i] = !detour.addresses().contains(endpoint(i).address());
    }
    retain();
    allowThese();
    pairsFailed = detour.pairs() == Detour.Pairs.FAILED;
  }
}
