package io.signalbox.host.signals;

import io.signalbox.sdk.Signal;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of one address: what was told of it, of all its models and of single ones, what
 * our own traffic met, and whether it can be a candidate. Owned by the table's thread.
 */
final class AddressKnowledge {
  private static final int SIGNALS = Signal.values().length;

  private final Told ofAll = new Told();
  private final Map<String, Told> ofModels = new HashMap<>();
  @Nullable TrafficWindow window;
  String engine = "";
  boolean unreachable;
  boolean unhealthy;
  boolean sleeping;

  /** Of the newest sample that says how much the engine has to do. */
  long loadToldAtNanos = Long.MIN_VALUE;

  Ejection ejection = Ejection.NONE;

  /** What passive health says. */
  enum Ejection {
    NONE,
    EJECTED,
    HALF_OPEN
  }

  /**
   * What an engine told, and when.
   *
   * @param maxAgeNanos {@link Sample#AS_OTHERS}: as long as the snapshot says
   */
  record Timed(Measured measured, long atNanos, long maxAgeNanos) {
    boolean fresh(long nowNanos, long othersMaxAgeNanos) {
      long maxAge = maxAgeNanos == Sample.AS_OTHERS ? othersMaxAgeNanos : maxAgeNanos;
      return nowNanos - atNanos <= maxAge;
    }
  }

  record TimedAdapters(LoadedAdapters adapters, long atNanos, long maxAgeNanos) {}

  /** What was told of one model, or of all. */
  static final class Told {
    private final @Nullable Timed[] bySignal = new Timed[SIGNALS];
    @Nullable TimedAdapters adapters;

    /** Takes what is not older than what is there. */
    void put(Signal signal, Timed timed) {
      var last = bySignal[signal.ordinal()];
      if (last == null || timed.atNanos() - last.atNanos() >= 0) {
        bySignal[signal.ordinal()] = timed;
      }
    }

    @Nullable Timed get(Signal signal) {
      return bySignal[signal.ordinal()];
    }
  }

  /**
   * What is told of a model, to be added to.
   *
   * @param model null: of all models of the address
   */
  Told told(@Nullable String model) {
    return model == null ? ofAll : ofModels.computeIfAbsent(model, key -> new Told());
  }

  /** What is known of a signal of a model: the newer of what was told of it, and of all. */
  @Nullable Timed timed(String model, Signal signal) {
    return timed(ofModels.get(model), signal);
  }

  /** The same, where what was told of the model is at hand. */
  @Nullable Timed timed(@Nullable Told its, Signal signal) {
    var all = ofAll.get(signal);
    var one = its == null ? null : its.get(signal);
    if (all == null || one == null) {
      return one == null ? all : one;
    }
    return one.atNanos() - all.atNanos() >= 0 ? one : all;
  }

  /** What was told of a model alone, or null where nothing was. */
  @Nullable Told ofModel(String model) {
    return ofModels.isEmpty() ? null : ofModels.get(model);
  }

  @Nullable TimedAdapters adapters(@Nullable Told its) {
    return its == null || its.adapters == null ? ofAll.adapters : its.adapters;
  }

  Availability availability() {
    if (unreachable) {
      return Availability.UNREACHABLE;
    }
    if (unhealthy) {
      return Availability.UNHEALTHY;
    }
    if (sleeping) {
      return Availability.SLEEPING;
    }
    return switch (ejection) {
      case NONE -> Availability.READY;
      case EJECTED -> Availability.EJECTED;
      case HALF_OPEN -> Availability.HALF_OPEN;
    };
  }

  /** Forgets what its engine is like, and whether it can be reached; samples age by themselves. */
  void forgetEngine() {
    engine = "";
    unreachable = false;
    sleeping = false;
  }
}
