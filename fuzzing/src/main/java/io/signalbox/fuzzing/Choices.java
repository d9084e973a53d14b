package io.signalbox.fuzzing;

/** Decisions that the bytes of an input make, one after the other; the first of each at its end. */
public final class Choices {
  private final byte[] input;
  private int next;

  /** Decisions of these bytes. */
  public Choices(byte[] input) {
    this.input = input;
  }

  /** Whether there are bytes that have decided nothing yet. */
  public boolean hasMore() {
    return next < input.length;
  }

  /** A number from 0 on, below {@code bound}, which is at most 256. */
  public int below(int bound) {
    return hasMore() ? (input[next++] & 0xff) % bound : 0;
  }

  /** One of these. */
  @SafeVarargs
  public final <T> T oneOf(T... all) {
    return all[below(all.length)];
  }

  /** True or false. */
  public boolean yes() {
    return below(2) == 1;
  }
}
