package io.signalbox.host.script;

import io.signalbox.host.strategy.StrategyDescription;
import io.signalbox.host.strategy.StrategyKind;
import java.util.EnumMap;
import java.util.Map;
import org.graalvm.polyglot.Value;

/**
 * The functions of one strategy, wrapped so that they can be called about tables.
 *
 * @param ask decides
 * @param name what the plugin's author calls the function that decides
 * @param allowed what it may give, for messages
 * @param place where it begins
 * @param observers those that are there
 */
record StrategyFunctions(
    Value ask,
    String name,
    String allowed,
    ScriptException.Place place,
    Map<Observation, Value> observers) {
  /** One way to decide: the plugin's function, the runner that wraps it. */
  private record Form(String function, String runner, String allowed) {}

  private static final Form SCORE =
      new Form("score", "scoreOne", "a number (not-a-number where unknown)");
  private static final Form SCORE_ALL =
      new Form("scoreAll", "scoreAll", "numbers (not-a-number where unknown)");
  private static final Form KEEP = new Form("keep", "keep", "a boolean");
  private static final Form PICK =
      new Form("pick", "pick", "the index of an endpoint, or -1 for no choice");

  /**
   * Finds and checks them.
   *
   * @throws ShapeException when one is missing, or no function, or asynchronous
   */
  static StrategyFunctions of(
      Guest guest, StrategyDescription description, Guest.Declared declared) {
    var functions = declared.functions();
    var form = form(guest, description, functions);
    var function = checked(guest, description, functions, form.function());
    var observers = new EnumMap<Observation, Value>(Observation.class);
    for (var observation : Observation.values()) {
      if (has(functions, observation.function())) {
        var tell = checked(guest, description, functions, observation.function());
        observers.put(
            observation,
            guest.prelude().invokeMember(observation.prelude(), tell, declared.entry()));
      }
    }
    return new StrategyFunctions(
        guest.runner(form.runner(), function, declared.entry()),
        guest.functionName(form.function()),
        form.allowed(),
        GuestFailures.place(function.getSourceLocation()),
        observers);
  }

  private static Form form(Guest guest, StrategyDescription description, Value functions) {
    var form =
        switch (description.kind()) {
          case SCORER -> has(functions, SCORE_ALL.function()) ? SCORE_ALL : SCORE;
          case FILTER -> KEEP;
          case PICKER -> PICK;
        };
    if (has(functions, form.function())) {
      return form;
    }
    var wanted = guest.functionName(form.function());
    var or =
        description.kind() == StrategyKind.SCORER
            ? " or " + guest.functionName(SCORE_ALL.function())
            : "";
    throw new ShapeException(
        description.id()
            + ": a "
            + description.kind().id()
            + " needs a function named "
            + wanted
            + or);
  }

  private static boolean has(Value functions, String name) {
    var function = functions.getMember(name);
    return function != null && !function.isNull();
  }

  private static Value checked(
      Guest guest, StrategyDescription description, Value functions, String name) {
    var function = functions.getMember(name);
    var where = description.id() + ": \"" + guest.functionName(name) + "\" ";
    if (!function.canExecute()) {
      throw new ShapeException(
          where + "must be a function, not " + DeclarationReader.what(function));
    }
    if (guest.isAsync(function)) {
      throw new ShapeException(where + "must not be async: the host does not wait for it");
    }
    return function;
  }
}
