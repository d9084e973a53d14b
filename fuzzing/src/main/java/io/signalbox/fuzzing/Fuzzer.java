package io.signalbox.fuzzing;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What Jazzer calls. */
public final class Fuzzer {
  /** Longer inputs find no more, and are slower. */
  static final int MAX_BYTES = 1_024;

  private static @Nullable FuzzTarget target;

  private Fuzzer() {}

  /**
   * Called once, before the first input.
   *
   * @param args the id of a target
   */
  public static void fuzzerInitialize(String[] args) {
    target =
        Arrays.stream(Target.values())
            .filter(one -> one.id().equals(args[0]))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no target: " + args[0]))
            .make();
  }

  /** Called for each input. */
  public static void fuzzerTestOneInput(byte[] input) {
    if (target == null) {
      throw new IllegalStateException("not initialized");
    }
    target.check(input);
  }
}
