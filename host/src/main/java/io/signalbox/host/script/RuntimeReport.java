package io.signalbox.host.script;

import java.util.Map;

/**
 * How scripts run in this process.
 *
 * @param languages one entry for each {@link ScriptLanguage}
 */
public record RuntimeReport(Map<ScriptLanguage, State> languages) {
  public RuntimeReport {
    languages = Map.copyOf(languages);
  }

  /** How scripts of one language run. */
  public sealed interface State {
    /** One word for logs, meters and the admin API. */
    String id();
  }

  /**
   * Not at all.
   *
   * @param install what to do about it
   */
  public record Absent(String install) implements State {
    @Override
    public String id() {
      return "absent";
    }
  }

  /**
   * In an interpreter, ten to a hundred times slower than compiled.
   *
   * @param cause why they are not compiled, as the runtime says
   */
  public record Interpreted(String cause) implements State {
    @Override
    public String id() {
      return "interpreted";
    }
  }

  /** Compiled to machine code where they are hot. */
  public record Optimised() implements State {
    @Override
    public String id() {
      return "optimised";
    }
  }

  /** How scripts of this language run. */
  public State of(ScriptLanguage language) {
    return languages.getOrDefault(language, new Absent(language.install()));
  }
}
