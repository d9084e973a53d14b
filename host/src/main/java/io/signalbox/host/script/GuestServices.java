package io.signalbox.host.script;

import io.signalbox.sdk.Signal;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.graalvm.polyglot.HostAccess.Export;
import org.slf4j.event.Level;

/**
 * What the prelude of a script can ask the host for; public only because GraalVM asks for it. Used
 * by the thread that calls the script.
 */
public final class GuestServices {
  private static final Level[] LEVELS = {Level.DEBUG, Level.INFO, Level.WARN, Level.ERROR};

  private final BoundedOutput output;
  private final RandomGenerator random;

  /** The signals' names in the guest's language, by ordinal. */
  @Export public final String[] signals;

  /** By ordinal: whether the router counts the signal itself, so that it is read live. */
  @Export public final boolean[] ownSignals;

  GuestServices(BoundedOutput output, RandomGenerator random, Function<Signal, String> name) {
    this.output = output;
    this.random = random;
    var all = Signal.values();
    this.signals = new String[all.length];
    this.ownSignals = new boolean[all.length];
    for (var signal : all) {
      signals[signal.ordinal()] = name.apply(signal);
      ownSignals[signal.ordinal()] = signal.live();
    }
  }

  /**
   * Writes lines.
   *
   * @param level 0 to 3: debug, info, warn, error
   */
  @Export
  public void log(int level, String text) {
    output.text(LEVELS[Math.clamp(level, 0, LEVELS.length - 1)], text);
  }

  /** From 0 to below 1. */
  @Export
  public double random() {
    return random.nextDouble();
  }
}
