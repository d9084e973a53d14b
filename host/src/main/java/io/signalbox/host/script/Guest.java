package io.signalbox.host.script;

import io.signalbox.host.strategy.EndpointTable;
import io.signalbox.sdk.Parameters;
import io.signalbox.sdk.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Value;

/**
 * One script's context seen from here: what the two preludes have in common, and where they differ.
 * Belongs to one context.
 */
sealed interface Guest permits JavaScriptGuest, PythonGuest {
  /** One declaration, as the script wrote it, and the functions that belong to it. */
  record Declared(Value entry, Value functions) {}

  /** What the language calls a signal. */
  static String name(ScriptLanguage language, Signal signal) {
    return switch (language) {
      case JAVASCRIPT -> signal.id();
      case PYTHON -> signal.pythonId();
    };
  }

  /** Starts the prelude; nothing of the plugin runs yet. */
  static Guest start(Context context, ScriptSource source, GuestServices services) {
    return switch (source.language()) {
      case JAVASCRIPT -> new JavaScriptGuest(context, source, services);
      case PYTHON -> new PythonGuest(context, source, services);
    };
  }

  /** The prelude's object. */
  Value prelude();

  /** Runs the plugin's main file. */
  void evaluate();

  /** What the main file declared. */
  default List<Declared> declared() {
    var found = prelude().invokeMember("declared");
    if (!found.hasArrayElements() || found.getArraySize() == 0) {
      throw new ShapeException(howToDeclare());
    }
    if (found.getArraySize() > Script.MAX_STRATEGIES) {
      throw new ShapeException(
          "more than " + Script.MAX_STRATEGIES + " strategies: " + found.getArraySize());
    }
    var declared = new ArrayList<Declared>();
    for (long i = 0; i < found.getArraySize(); i++) {
      var one = found.getArrayElement(i);
      declared.add(new Declared(one.getMember("entry"), one.getMember("functions")));
    }
    return declared;
  }

  /** What is wrong with a script that declares nothing. */
  String howToDeclare();

  /** A new table for these endpoints. */
  GuestTable table(EndpointTable table);

  /** What the plugin's authors call a parameter. */
  String parameterName(String name);

  /** What they call a function that is {@code camelCase} in JavaScript. */
  String functionName(String name);

  /** What the language knows of an exception besides its message. */
  GuestError describe(PolyglotException e);

  /**
   * An exception of the guest.
   *
   * @param type the name of its class; empty where it is no object
   * @param place {@link ScriptException.Place#UNKNOWN} where the language does not say
   * @param status of an HTTPException; 0 for everything else
   * @param detail of an HTTPException
   */
  record GuestError(String type, ScriptException.Place place, int status, String detail) {}

  /**
   * Wraps a function that decides, so that it can be called about a table's candidates.
   *
   * @param form the wrapper's name in the runners
   * @param entry the declaration, which is {@code this} in JavaScript
   */
  Value runner(String form, Value function, Value entry);

  /** Whether calls of it come back before it is done. */
  default boolean isAsync(Value function) {
    return prelude().invokeMember("isAsync", function).asBoolean();
  }

  /** Parameters as the guest's functions get them. */
  default Value parameters(Parameters parameters) {
    var pairs = new ArrayList<Object>();
    parameters
        .values()
        .forEach((name, value) -> {
          pairs.add(parameterName(name));
          pairs.add(value);
        });
    return prelude().invokeMember("parameters", (Object) pairs.toArray());
  }

  /** {@code max-age} as {@code maxAge}. */
  static String camelCase(String kebab) {
    var camel = new StringBuilder();
    for (var word : kebab.split("-", -1)) {
      camel.append(
          camel.isEmpty() || word.isEmpty()
              ? word
              : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
    }
    return camel.toString();
  }

  /** {@code onFirstToken} as {@code on_first_token}. */
  static String snakeCase(String camel) {
    return camel.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }
}
