package io.signalbox.host.endpoint;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/**
 * What our requests met at one address, as totals that only grow: who wants to know about the last
 * minute subtracts. Endpoints that share an address share it, and it survives reloads that keep the
 * address. Safe for any thread, without locks.
 */
public final class Traffic {
  /** What is counted. */
  public enum Total {
    /** Streamed answers whose first token came. */
    FIRST_TOKENS,
    /** Time from the decision to those, in nanoseconds. */
    FIRST_TOKEN_NANOS,
    /** Streamed answers that told how many prompt tokens there were. */
    PREFILLED_ANSWERS,
    /** Prompt tokens of those, cached or not. */
    PREFILLED_TOKENS,
    /** Time to the first token of those answers, in nanoseconds. */
    PREFILL_NANOS,
    /** Streamed answers of more than one token. */
    DECODED_ANSWERS,
    /** Their tokens after the first. */
    DECODED_TOKENS,
    /** Time from their first token to their last, in nanoseconds. */
    DECODE_NANOS,
    /** Answers with a status of success, received to the end. */
    ANSWERS,
    /** Time from the decision to the end of those, in nanoseconds. */
    ANSWER_NANOS,
    /** Exchanges that the engine ended: it answered, or failed. */
    ENDED,
    /** Of those: no answer, or a status from 500 on. */
    FAILED,
    /** Answers of which the length of the prompt is known. */
    PROMPTED_ANSWERS,
    /** Prompt tokens of those. */
    PROMPT_TOKENS,
    /** Answers of which the length is known. */
    MEASURED_ANSWERS,
    /** Output tokens of those. */
    OUTPUT_TOKENS,
    /** Time with requests in flight, in nanoseconds; with n of them each counts n / (n + 1). */
    BUSY_NANOS
  }

  private static final int TOTALS = Total.values().length;
  private static final int NEVER = -1;

  private final InFlight inFlight;
  private final AtomicLongArray totals = new AtomicLongArray(TOTALS);
  private final AtomicInteger failuresInARow = new AtomicInteger();
  private volatile int inFlightWhenTold = NEVER;

  /**
   * Of an address that nothing was sent to yet.
   *
   * @param nanoTime monotonic, as {@link System#nanoTime()}
   */
  Traffic(LongSupplier nanoTime) {
    this.inFlight = new InFlight(nanoTime);
  }

  InFlight counter() {
    return inFlight;
  }

  /** Requests of ours in flight now. */
  public int inFlight() {
    return inFlight.get();
  }

  /** Requests that other replicas have in flight here, as far as they told; 0 without replicas. */
  public int inFlightElsewhere() {
    return inFlight.elsewhere();
  }

  /** So many requests of other replicas are in flight here now. */
  public void inFlightElsewhere(int requests) {
    inFlight.elsewhere(requests);
  }

  /** The engine told just now how much it has to do. */
  public void loadTold() {
    inFlightWhenTold = inFlight();
  }

  /**
   * How many requests of ours more are in flight than when the engine told last how much it has to
   * do; below 0 where they are fewer, and 0 where it never told.
   */
  public int inFlightSinceTold() {
    int told = inFlightWhenTold;
    return told == NEVER ? 0 : inFlight() - told;
  }

  private void add(Total total, long amount) {
    totals.getAndAdd(total.ordinal(), amount);
  }

  /** The first token of a streamed answer came so long after the decision. */
  public void firstToken(long nanos) {
    add(Total.FIRST_TOKEN_NANOS, nanos);
    add(Total.FIRST_TOKENS, 1);
  }

  /** A prompt of this length was processed until the first token of a streamed answer. */
  public void prefilled(long tokens, long nanos) {
    add(Total.PREFILL_NANOS, nanos);
    add(Total.PREFILLED_TOKENS, tokens);
    add(Total.PREFILLED_ANSWERS, 1);
  }

  /**
   * The tokens of a streamed answer came one after the other.
   *
   * @param tokens without the first; at least 1
   * @param nanos from the first to the last
   */
  public void decoded(long tokens, long nanos) {
    add(Total.DECODE_NANOS, nanos);
    add(Total.DECODED_TOKENS, tokens);
    add(Total.DECODED_ANSWERS, 1);
  }

  /** An answer with a status of success came to its end so long after the decision. */
  public void answered(long nanos) {
    add(Total.ANSWER_NANOS, nanos);
    add(Total.ANSWERS, 1);
    add(Total.ENDED, 1);
    worked();
  }

  /** An answer said that the request, not the engine, was at fault. */
  public void refused() {
    add(Total.ENDED, 1);
    worked();
  }

  /** There was no answer, or one with a status from 500 on. */
  public void failed() {
    add(Total.FAILED, 1);
    add(Total.ENDED, 1);
    failuresInARow.incrementAndGet();
  }

  /** Most of the time there is nothing to forget, and nothing to write for all event loops. */
  private void worked() {
    if (failuresInARow.get() != 0) {
      failuresInARow.set(0);
    }
  }

  /** How many exchanges failed since the last that did not. */
  public int failuresInARow() {
    return failuresInARow.get();
  }

  /** What failed before does not count any more. */
  public void forgetFailures() {
    worked();
  }

  /** One of the totals as it is now; not {@link Total#BUSY_NANOS}. */
  public long total(Total total) {
    return totals.get(total.ordinal());
  }

  /** A prompt of this length was answered. */
  public void servedPrompt(long tokens) {
    add(Total.PROMPT_TOKENS, tokens);
    add(Total.PROMPTED_ANSWERS, 1);
  }

  /** An answer had this length. */
  public void servedOutput(long tokens) {
    add(Total.OUTPUT_TOKENS, tokens);
    add(Total.MEASURED_ANSWERS, 1);
  }

  /**
   * Copies the totals as they are now, by {@link Total#ordinal()}.
   *
   * @param into one place for each total
   */
  public void read(double[] into) {
    for (int total = 0; total < TOTALS; total++) {
      into[total] = totals.get(total);
    }
    into[Total.BUSY_NANOS.ordinal()] = inFlight.busyNanos();
  }
}
