package io.signalbox.fuzzing;

/** Something that reads what others send. For one thread. */
@FunctionalInterface
public interface FuzzTarget {
  /**
   * Reads an input in every way there is, and compares what came of it.
   *
   * @param input at most {@link Fuzzer#MAX_BYTES}, whatever they are
   * @throws AssertionError where two readings differ, or what must hold does not
   */
  void check(byte[] input);
}
