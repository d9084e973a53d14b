package io.signalbox.simulator;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;

/**
 * Continuous batching, as vLLM V1 does it, over simulated time.
 *
 * <p>Confined to one thread, except {@link #load()}. It knows no clock and no timer: whoever owns
 * it says what time it is.
 */
final class Scheduler {
  /*
   * Time passes in steps. At the start of a step every decoding sequence is given one token, sequences in prefill share what is
   * left of the step's token budget in order of admission, then waiting sequences are admitted, first come first served, while
   * budget, batch slots and KV blocks last. The latency model turns that plan into the step's length. At its end the tokens are
   * delivered and the next step begins. Between steps with nothing to run there is no step, hence no deadline.
   *
   * A step costs O(running). Admission reserves blocks for the whole answer, so nothing is preempted.
   */

  /** No step is under way: nothing will happen until the next submit. */
  static final long IDLE = Long.MAX_VALUE;

  /** A burst of steps ends after this many, so that a slow machine still answers its sockets. */
  private static final int MAX_STEPS_AT_ONCE = 256;

  /**
   * Time lost beyond this (a collected heap, a busy machine) is not made up for: the engine stood
   * still too.
   */
  private static final long MAX_LAG_NANOS = 100_000_000;

  private final SimulatorOptions options;
  private final SimulatorMetrics metrics;
  private final BlockCache cache;
  private final KvEventLog log;
  private final List<Sequence> running = new ArrayList<>();
  private final Queue<Sequence> waiting = new ArrayDeque<>();
  private long stepEnd = IDLE;
  private final BusyShare busy = new BusyShare();
  private volatile Load load = Load.NONE;

  Scheduler(SimulatorOptions options, SimulatorMetrics metrics) {
    this(options, metrics, KvEventLog.NONE);
  }

  /**
   * A scheduler.
   *
   * @param log of what happens to the KV cache
   */
  Scheduler(SimulatorOptions options, SimulatorMetrics metrics, KvEventLog log) {
    this.options = options;
    this.metrics = metrics;
    this.log = log;
    this.cache = new BlockCache(options.kvBlocks(), log);
  }

  /** Queues the sequences of one request, all or none. Returns whether there was room. */
  boolean submit(List<Sequence> sequences, long now) {
    if (waiting.size() + sequences.size() > options.maxWaiting()) {
      return false;
    }
    for (Sequence sequence : sequences) {
      sequence.times().arrived(now);
      waiting.add(sequence);
    }
    if (stepEnd == IDLE) {
      beginStep(now);
    }
    publish();
    return true;
  }

  /** Ends the sequence if it has not ended yet. */
  void cancel(Sequence sequence) {
    if (sequence.isFinished()) {
      return;
    }
    if (sequence.isWaiting()) {
      waiting.remove(sequence);
    } else {
      running.remove(sequence);
    }
    sequence.finish(FinishReason.ABORT);
    publish();
    metrics.cancelled(); // last: who sees the count sees the load after it
  }

  void cancelAll() {
    List.copyOf(running).forEach(this::cancel);
    List.copyOf(waiting).forEach(this::cancel);
  }

  /**
   * Lets time pass.
   *
   * @return when the step under way ends, or {@link #IDLE}
   */
  long advance(long now) {
    if (stepEnd != IDLE) {
      stepEnd = Math.max(stepEnd, now - MAX_LAG_NANOS);
    }
    for (int steps = 0; stepEnd <= now && steps < MAX_STEPS_AT_ONCE; steps++) {
      endStep(stepEnd);
      beginStep(stepEnd);
    }
    publish();
    return stepEnd;
  }

  /** When the step under way ends, or {@link #IDLE}. */
  long deadline() {
    return stepEnd;
  }

  /** The load after the last change. Any thread. */
  Load load() {
    return load;
  }

  /** The share of the last ten seconds in which a step was under way, 0 to 1. */
  double busyRatio(long now) {
    return busy.at(now);
  }

  private void beginStep(long earliest) {
    if (running.isEmpty() && waiting.isEmpty()) {
      stepEnd = IDLE;
      return;
    }
    // Steps are simulated a little late; a sequence is never admitted before it arrived.
    Sequence head = waiting.peek();
    long start =
        running.isEmpty() && head != null ? Math.max(earliest, head.times().arrival()) : earliest;
    int decoding = planDecodes();
    int budget = Math.max(0, options.maxStepTokens() - decoding);
    int left = admitWaiting(start, planPrefills(budget));
    stepEnd = start + options.latency().stepNanos(budget - left, decoding);
    busy.add(start, stepEnd);
  }

  private int planDecodes() {
    int decoding = 0;
    for (int i = 0; i < running.size(); i++) {
      Sequence sequence = running.get(i);
      if (sequence.isDecoding()) {
        decoding += sequence.plan(1, options.blockTokens());
      }
    }
    return decoding;
  }

  private int planPrefills(int budget) {
    int left = budget;
    for (int i = 0; i < running.size() && left > 0; i++) {
      Sequence sequence = running.get(i);
      if (!sequence.isDecoding()) {
        left -= sequence.plan(left, options.blockTokens());
      }
    }
    return left;
  }

  private int admitWaiting(long now, int budget) {
    int left = budget;
    while (left > 0 && running.size() < options.maxRunning()) {
      Sequence head = waiting.peek();
      if (head == null
          || head.times().arrival() > now
          || !hasPlaceFor(head.adapter())
          || !head.admit(cache, options.blockTokens())) {
        break;
      }
      waiting.remove();
      running.add(head);
      head.times().admitted(now);
      metrics.admitted(head);
      left -= head.plan(left, options.blockTokens());
    }
    return left;
  }

  private boolean hasPlaceFor(String adapter) {
    if (adapter.isEmpty()) {
      return true;
    }
    var loaded = adapters(running);
    return loaded.contains(adapter) || loaded.size() < options.maxAdapters();
  }

  /** The LoRA adapters of running sequences. */
  Set<String> runningAdapters() {
    return adapters(running);
  }

  /** Those of waiting sequences that no running one has. */
  Set<String> waitingAdapters() {
    var waitingOnly = adapters(waiting);
    waitingOnly.removeAll(adapters(running));
    return waitingOnly;
  }

  private static Set<String> adapters(Collection<Sequence> sequences) {
    var adapters = new TreeSet<String>();
    for (Sequence sequence : sequences) {
      if (!sequence.adapter().isEmpty()) {
        adapters.add(sequence.adapter());
      }
    }
    return adapters;
  }

  private void endStep(long now) {
    for (int i = 0; i < running.size(); i++) {
      Sequence sequence = running.get(i);
      if (sequence.compute(options.blockTokens())) {
        deliver(sequence, now);
      }
    }
    running.removeIf(Sequence::isFinished);
  }

  private void deliver(Sequence sequence, long now) {
    metrics.token(sequence, now);
    if (sequence.generate(options.seed())) {
      sequence.finish(FinishReason.LENGTH);
      metrics.completed(sequence);
    }
  }

  private void publish() {
    double kvCache = cache.usageRatio();
    double slots = running.size() / (double) options.maxRunning();
    load = new Load(running.size(), waiting.size(), kvCache, Math.max(slots, kvCache));
    log.publish();
  }
}
