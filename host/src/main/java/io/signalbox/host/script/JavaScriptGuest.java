package io.signalbox.host.script;

import io.signalbox.host.strategy.EndpointTable;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;

/** A context with an ES module in it. */
final class JavaScriptGuest implements Guest {
  private static final String PRELUDE = ShimFiles.text("prelude.js");
  private static final String RUNNERS = ShimFiles.text("runners.js");

  private final Context context;
  private final ScriptSource source;
  private final String digest;
  private final Value prelude;
  private final Value makeTable;
  private int runners;

  JavaScriptGuest(Context context, ScriptSource source, GuestServices services) {
    this.context = context;
    this.source = source;
    this.digest = source.digest();
    prelude = context.eval(ours(PRELUDE, "prelude.js")).execute(services);
    makeTable = prelude.getMember("table");
  }

  /**
   * Code of the host. Contexts of one engine share what is compiled of equal sources, so its name
   * has the version's digest in it: versions of other plugins must not slow this one's down, and
   * its own contexts begin warm.
   */
  private Source ours(String text, String name) {
    return Source.newBuilder("js", text, digest + "/" + name).buildLiteral();
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
  public Value runner(String form, Value function, Value entry) {
    return context
        .eval(ours(RUNNERS, runners++ + "/runners.js"))
        .execute(prelude.getMember("kit"))
        .invokeMember(form, function, entry);
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
