package io.signalbox.host.config;

import io.signalbox.sdk.Signal;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The signals that engines, or others on their behalf, may tell of: the others are our own. */
public final class EngineSignals {
  static final Map<String, Signal> BY_ID =
      Stream.of(Signal.values())
          .filter(EngineSignals::toldByEngines)
          .collect(Collectors.toUnmodifiableMap(Signal::id, Function.identity()));

  private EngineSignals() {}

  private static boolean toldByEngines(Signal signal) {
    return switch (signal.source()) {
      case ENGINE, ENGINE_ELSE_OWN -> true;
      case OWN, REQUEST -> false;
    };
  }

  /** The signal of this id, where it is one of them. */
  public static Optional<Signal> find(String id) {
    return Optional.ofNullable(BY_ID.get(id));
  }

  /** Their ids, for messages. */
  public static String ids() {
    return String.join(", ", BY_ID.keySet().stream().sorted().toList());
  }
}
