package io.signalbox.fuzzing;

import java.util.stream.IntStream;

/** Where an input that comes in pieces is cut. */
public final class Cuts {
  /** Up to so many bytes an input is cut everywhere; a longer one at as many places. */
  private static final int EVERYWHERE = 64;

  private Cuts() {}

  /** Places between the first byte and behind the last, both of them included. */
  public static IntStream of(byte[] input) {
    int step = 1 + input.length / EVERYWHERE;
    return IntStream.iterate(0, at -> at <= input.length, at -> at + step);
  }
}
