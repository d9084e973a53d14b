package io.signalbox.simulator;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One prompt on its way through the engine: waiting, running (prefill, then decode), finished.
 * Confined to the thread of its scheduler.
 */
final class Sequence {
  private enum Phase {
    WAITING,
    RUNNING,
    FINISHED
  }

  private final BlockHashes prompt;
  private final int maxTokens;
  private final int choice;
  private final TokenSink sink;
  private final SequenceTimes times = new SequenceTimes();
  private Phase phase = Phase.WAITING;
  private @Nullable BlockLease lease;
  private int cachedTokens;
  private int computedTokens;
  private int plannedTokens;
  private int generatedTokens;
  private int lastToken;
  private int[] spoken = new int[16];
  private long hash;
  private @Nullable Long lastSealed;
  private String adapter = "";
  private boolean handedOver;

  /**
   * @param maxTokens how many tokens it will generate, 1 or more
   * @param choice its index in the answer
   */
  Sequence(BlockHashes prompt, int maxTokens, int choice, TokenSink sink) {
    this.prompt = prompt;
    this.maxTokens = maxTokens;
    this.choice = choice;
    this.sink = sink;
    this.hash = prompt.end();
  }

  /** Makes it a sequence of a LoRA adapter; empty: of the model itself. */
  Sequence by(String itsAdapter) {
    adapter = itsAdapter;
    return this;
  }

  /** Another engine computes its prompt: all but the last token, whose output is the next. */
  void handedOver() {
    handedOver = true;
  }

  /** The LoRA adapter it is computed with; empty: the model alone. */
  String adapter() {
    return adapter;
  }

  /** Takes its KV blocks, if there is room, and runs from then on. */
  boolean admit(BlockCache cache, int blockTokens) {
    // The last prompt token is always computed: its output is the first generated token.
    int reusable = (prompt.tokens() - 1) / blockTokens;
    // The last generated token is never fed back, so it needs no KV entry.
    int total = Math.ceilDiv(prompt.tokens() + maxTokens - 1, blockTokens);
    lease = cache.reserve(prompt, reusable, total).orElse(null);
    if (lease == null) {
      return false;
    }
    cachedTokens = lease.size() * blockTokens;
    computedTokens = handedOver ? prompt.tokens() - 1 : cachedTokens;
    phase = Phase.RUNNING;
    return true;
  }

  /**
   * Decides what the next step computes for this sequence.
   *
   * @return tokens to compute: one when decoding, else as much of the prompt as the budget allows
   */
  int plan(int budget, int blockTokens) {
    plannedTokens = isDecoding() ? 1 : Math.min(budget, prompt.tokens() - computedTokens);
    running().growTo(Math.ceilDiv(computedTokens + plannedTokens, blockTokens));
    return plannedTokens;
  }

  /**
   * Ends a step. Returns whether it generated a token, which it does from the end of prefill on.
   */
  boolean compute(int blockTokens) {
    if (plannedTokens == 0) {
      return false;
    }
    if (isDecoding()) {
      hash = BlockHashes.fold(hash, lastToken);
    }
    computedTokens += plannedTokens;
    plannedTokens = 0;
    sealFullBlocks(blockTokens);
    return isDecoding();
  }

  /** Hands the next token to the sink. Returns whether it was the last. */
  boolean generate(long seed) {
    String text = Words.pick(BlockHashes.fold(hash, Long.hashCode(seed)), generatedTokens);
    lastToken = ToyTokenizer.id(text, 0, text.length());
    if (generatedTokens == spoken.length) {
      spoken = Arrays.copyOf(spoken, 2 * generatedTokens);
    }
    spoken[generatedTokens] = lastToken;
    generatedTokens++;
    sink.token(choice, text);
    return generatedTokens == maxTokens;
  }

  /** Frees its blocks and tells the sink. */
  void finish(FinishReason reason) {
    if (lease != null) {
      lease.release();
      lease = null;
    }
    phase = Phase.FINISHED;
    sink.finished(choice, reason);
  }

  boolean isDecoding() {
    return computedTokens >= prompt.tokens();
  }

  boolean isWaiting() {
    return phase == Phase.WAITING;
  }

  boolean isFinished() {
    return phase == Phase.FINISHED;
  }

  int promptTokens() {
    return prompt.tokens();
  }

  int cachedTokens() {
    return cachedTokens;
  }

  int generatedTokens() {
    return generatedTokens;
  }

  SequenceTimes times() {
    return times;
  }

  private void sealFullBlocks(int blockTokens) {
    BlockLease blocks = running();
    while ((blocks.sealed() + 1) * blockTokens <= computedTokens) {
      int index = blocks.sealed();
      long sealed = index < prompt.fullBlocks() ? prompt.block(index) : hash;
      if (blocks.sealNext(sealed)) {
        blocks.stored(new StoredBlock(sealed, parent(index), tokens(index, blockTokens), adapter));
      }
      lastSealed = sealed;
    }
  }

  private @Nullable Long parent(int index) {
    if (index == 0) {
      return null;
    }
    return index <= prompt.fullBlocks() ? Long.valueOf(prompt.block(index - 1)) : lastSealed;
  }

  private int[] tokens(int index, int blockTokens) {
    var tokens = new int[blockTokens];
    for (int i = 0; i < blockTokens; i++) {
      int at = index * blockTokens + i;
      tokens[i] = at < prompt.tokens() ? prompt.token(at) : spoken[at - prompt.tokens()];
    }
    return tokens;
  }

  private BlockLease running() {
    if (lease == null) {
      throw new IllegalStateException("sequence is " + phase);
    }
    return lease;
  }
}
