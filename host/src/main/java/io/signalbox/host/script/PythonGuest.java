package io.signalbox.host.script;

import io.signalbox.host.strategy.EndpointTable;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;

/** A context with a Python module in it. */
final class PythonGuest implements Guest {
  private static final Source PRELUDE =
      Source.newBuilder("python", ShimFiles.text("prelude.py"), "prelude.py").buildLiteral();
  private static final String RUNNERS = ShimFiles.text("runners.py");

  private final ScriptSource source;
  private final Value prelude;
  private final Value makeTable;

  PythonGuest(Context context, ScriptSource source, GuestServices services) {
    this.source = source;
    prelude = context.eval(PRELUDE).execute(services);
    makeTable = prelude.getMember("table");
  }

  @Override
  public Value prelude() {
    return prelude;
  }

  @Override
  public void evaluate() {
    var path = PluginFileSystem.PLUGIN + "/" + source.main();
    var text = source.mainText();
    prelude.invokeMember("evaluate", text, path, moduleName());
  }

  @Override
  public String howToDeclare() {
    return "nothing is declared: put @scorer, @filter or @picker (from signalbox import …) above a"
        + " function or a class";
  }

  /** Not that of a module of the standard library, which the plugin itself may want to import. */
  private String moduleName() {
    return "plugin_" + source.plugin().replaceAll("[^A-Za-z0-9]", "_");
  }

  @Override
  public Value runner(String form, Value function, Value entry) {
    return prelude.invokeMember("runner", RUNNERS, form, function, entry);
  }

  @Override
  public GuestTable table(EndpointTable table) {
    return new PythonTable(table, makeTable);
  }

  @Override
  public String parameterName(String name) {
    return name.replace('-', '_');
  }

  @Override
  public String functionName(String name) {
    return Guest.snakeCase(name);
  }

  @Override
  public GuestError describe(PolyglotException e) {
    var object = e.getGuestObject();
    if (object == null || !object.isException()) {
      return new GuestError("", ScriptException.Place.UNKNOWN, 0, "");
    }
    var parts = prelude.invokeMember("failure", object);
    var file = parts.getArrayElement(1).asString();
    var place =
        file.startsWith(PluginFileSystem.PLUGIN + "/")
            ? new ScriptException.Place(
                file.substring(PluginFileSystem.PLUGIN.length() + 1),
                parts.getArrayElement(2).asInt(),
                parts.getArrayElement(3).asInt())
            : ScriptException.Place.UNKNOWN;
    return new GuestError(
        parts.getArrayElement(0).asString(),
        place,
        parts.getArrayElement(4).asInt(),
        parts.getArrayElement(5).asString());
  }
}
