package io.signalbox.host.script;

import io.signalbox.sdk.Parameters;
import java.util.function.Function;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/**
 * The guest's form of the parameters used last. A chain hands in the same object at every call, so
 * identity is enough. Belongs to one context.
 */
final class ParameterCache {
  private static final int SIZE = 16;

  private final Function<Parameters, Value> make;
  private final @Nullable Parameters[] keys = new @Nullable Parameters[SIZE];
  private final @Nullable Value[] values = new @Nullable Value[SIZE];
  private int next;

  ParameterCache(Function<Parameters, Value> make) {
    this.make = make;
  }

  Value get(Parameters parameters) {
    for (int i = 0; i < SIZE; i++) {
      var value = values[i];
      if (keys[i] == parameters && value != null) {
        return value;
      }
    }
    var made = make.apply(parameters);
    keys[next] = parameters;
    values[next] = made;
    next = (next + 1) % SIZE;
    return made;
  }
}
