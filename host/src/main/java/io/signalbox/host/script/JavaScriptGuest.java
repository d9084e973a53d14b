package io.signalbox.host.script;

import io.signalbox.host.strategy.EndpointTable;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;

/** A context with an ES module in it. */
final class JavaScriptGuest implements Guest {
  private static final Source PRELUDE =
      Source.newBuilder("js", ShimFiles.text("prelude.js"), "prelude.js").buildLiteral();

  private final Context context;
  private final ScriptSource source;
  private final Value prelude;
  private final Value makeTable;

  JavaScriptGuest(Context context, ScriptSource source, GuestServices services) {
    this.context = context;
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
    var module =
        Source.newBuilder("js", text, path)
            .mimeType("application/javascript+module")
            .buildLiteral();
    prelude.invokeMember("evaluated", context.eval(module));
  }

  @Override
  public String howToDeclare() {
    return "nothing is declared: export an object named \"strategy\", or an array of such objects"
        + " named \"strategies\"";
  }

  @Override
  public GuestTable table(EndpointTable table) {
    return new JavaScriptTable(table, makeTable);
  }

  @Override
  public String parameterName(String name) {
    return Guest.camelCase(name);
  }

  @Override
  public String functionName(String name) {
    return name;
  }

  @Override
  public GuestError describe(PolyglotException e) {
    var object = e.getGuestObject();
    var type = object == null ? null : object.getMetaObject();
    return new GuestError(
        type == null ? "" : type.getMetaSimpleName(), ScriptException.Place.UNKNOWN, 0, "");
  }
}
