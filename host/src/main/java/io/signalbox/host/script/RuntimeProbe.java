package io.signalbox.host.script;

import io.signalbox.host.script.RuntimeReport.Absent;
import io.signalbox.host.script.RuntimeReport.Interpreted;
import io.signalbox.host.script.RuntimeReport.Optimised;
import io.signalbox.host.script.RuntimeReport.State;
import java.io.OutputStream;
import java.util.EnumMap;
import java.util.Set;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.regex.Pattern;
import org.graalvm.polyglot.Engine;

/** Finds out, once for the process, which languages there are and whether they are compiled. */
final class RuntimeProbe {
  private static final Pattern CAUSE = Pattern.compile("cause was found: (.*)");

  private RuntimeProbe() {}

  static RuntimeReport report() {
    return Found.REPORT;
  }

  private static final class Found {
    static final RuntimeReport REPORT = find();

    private static RuntimeReport find() {
      var warnings = new Warnings();
      Set<String> installed = Set.of();
      State state = new Interpreted("");
      try (var engine =
          Engine.newBuilder()
              .logHandler(warnings)
              .out(OutputStream.nullOutputStream())
              .err(OutputStream.nullOutputStream())
              .build()) {
        installed = Set.copyOf(engine.getLanguages().keySet());
        state =
            engine.getImplementationName().equals("Interpreted")
                ? new Interpreted(warnings.cause())
                : new Optimised();
      } catch (IllegalStateException _) {
        // So the API says that no language at all is on the class path.
      }
      var languages = new EnumMap<ScriptLanguage, State>(ScriptLanguage.class);
      for (var language : ScriptLanguage.values()) {
        languages.put(
            language,
            installed.contains(language.engineId()) ? state : new Absent(language.install()));
      }
      return new RuntimeReport(languages);
    }
  }

  /** The only place where the runtime says why it does not compile is its warning. */
  private static final class Warnings extends Handler {
    private final StringBuilder text = new StringBuilder();

    @Override
    public synchronized void publish(LogRecord entry) {
      text.append(entry.getMessage()).append('\n');
    }

    synchronized String cause() {
      var matcher = CAUSE.matcher(text);
      return matcher.find() ? matcher.group(1) : "no reason given";
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
