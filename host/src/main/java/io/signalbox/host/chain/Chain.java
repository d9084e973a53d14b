package io.signalbox.host.chain;

import io.signalbox.host.telemetry.Quiet;
import io.signalbox.sdk.ExchangeObserver;
import io.signalbox.sdk.ResponseHeaderSource;
import io.signalbox.sdk.Signal;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A compiled chain; belongs to one event loop. */
final class Chain {
  private static final Logger LOG = LoggerFactory.getLogger(Chain.class);

  /** Who needs one of these works with the length of the prompt. */
  private static final Set<Signal> PER_TOKEN =
      Set.of(
          Signal.PREFILL_SECONDS_PER_TOKEN,
          Signal.EXPECTED_SECONDS,
          Signal.CACHED_TOKENS,
          Signal.CONSUMPTION,
          Signal.SLO_SLACK);

  private final String text;
  private final Stage[] stages;
  private final @Nullable Stage[] fallbacks;
  private final List<ExchangeObserver> observers;
  private final List<ResponseHeaderSource> headerSources;
  private final boolean countsTokens;
  private final boolean looksAtCaches;
  private final boolean pairs;
  private final QueueRule.@Nullable OfStrategy queueRule;
  private final Quiet quiet = new Quiet();
  private final ChosenChain chosen = new ChosenChain(this);

  /**
   * A stage and what takes its place where it cannot do its work.
   *
   * @param fallback has none itself; null: the stage is skipped then
   */
  record Step(Stage stage, @Nullable Stage fallback) {}

  /**
   * A chain.
   *
   * @param uses every use of a strategy in it, fallbacks included
   * @param needs the signals that its strategies declare
   */
  Chain(String text, List<Step> steps, List<Use> uses, Set<Signal> needs) {
    this.countsTokens = !Collections.disjoint(needs, PER_TOKEN);
    this.looksAtCaches = needs.contains(Signal.CACHED_TOKENS);
    this.text = text;
    this.pairs = steps.stream().anyMatch(step -> step.stage() instanceof PairStage);
    this.stages = steps.stream().map(Step::stage).toArray(Stage[]::new);
    this.fallbacks = steps.stream().map(Step::fallback).toArray(Stage[]::new);
    this.observers = uses.stream().flatMap(use -> use.observer().stream()).toList();
    this.queueRule =
        uses.stream()
            .filter(Use.Called.class::isInstance)
            .flatMap(use -> ((Use.Called) use).queueRule().stream())
            .findFirst()
            .orElse(null);
    this.headerSources = uses.stream().flatMap(use -> use.headerSource().stream()).toList();
  }

  /** The choice of this chain by none of the profiles. */
  ChosenChain chosen() {
    return chosen;
  }

  /** The canonical text. */
  String text() {
    return text;
  }

  /** Whether a decision is worth waiting for the tokens of the prompt to be counted. */
  boolean countsTokens() {
    return countsTokens;
  }

  /** Whether it looks at what endpoints have cached. */
  boolean looksAtCaches() {
    return looksAtCaches;
  }

  /** Whether it chooses pairs of endpoints that go together. */
  boolean pairs() {
    return pairs;
  }

  /** How many stages there are. */
  int length() {
    return stages.length;
  }

  Stage stage(int index) {
    return stages[index];
  }

  /** What takes the place of a stage that cannot do its work; null where it is skipped. */
  @Nullable Stage fallback(int index) {
    return fallbacks[index];
  }

  /**
   * The canonical text, with fallbacks in the place of the stages they stood in for.
   *
   * @param fellBack by stage
   */
  String text(BitSet fellBack) {
    if (fellBack.isEmpty()) {
      return text;
    }
    var decided = new StringJoiner(",");
    for (int i = 0; i < stages.length; i++) {
      var fallback = fallbacks[i];
      decided.add(fellBack.get(i) && fallback != null ? fallback.text() : stages[i].text());
    }
    return decided.toString();
  }

  /** The rule by which requests wait before they are decided; null where none do. */
  QueueRule.@Nullable OfStrategy queueRule() {
    return queueRule;
  }

  /** Its strategies that want to know how exchanges end. */
  List<ExchangeObserver> observers() {
    return observers;
  }

  /** Its strategies that add headers to answers, in the order of the chain. */
  List<ResponseHeaderSource> headerSources() {
    return headerSources;
  }

  /** Logs a failure of a stage; every failure shows in its answer and in a meter anyway. */
  void failed(Stage stage, Throwable cause) {
    if (quiet.mayTell()) {
      LOG.warn("stage {} failed and was skipped", stage.text(), cause);
    }
  }

  /** The same of a strategy that was asked. */
  void failed(Stage stage, String problem) {
    if (quiet.mayTell()) {
      LOG.warn("stage {} failed and was skipped: {}", stage.text(), problem);
    }
  }

  /** Logs that a strategy could not say which headers to add; the answer goes without them. */
  void failed(ResponseHeaderSource source, Throwable cause) {
    if (quiet.mayTell()) {
      LOG.warn("{} gave no response headers", source.getClass().getSimpleName(), cause);
    }
  }
}
