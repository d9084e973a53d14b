package io.signalbox.host.plugin;

import io.signalbox.host.script.RuntimeReport;
import io.signalbox.host.script.ScriptLanguage;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How scripts run at one instant.
 *
 * @param languages one entry for each, in a fixed order
 * @param abandonedThreads that were given up and still run
 */
public record ScriptsStatus(List<Language> languages, int abandonedThreads) {
  public ScriptsStatus {
    languages = List.copyOf(languages);
  }

  /**
   * How scripts of one language run.
   *
   * @param name {@code javascript} or {@code python}
   * @param state {@code optimised}, {@code interpreted} or {@code absent}
   * @param cause why they are not compiled; empty where they are
   */
  public record Language(String name, String state, String cause) {}

  static ScriptsStatus of(RuntimeReport report, int abandonedThreads) {
    return new ScriptsStatus(
        Arrays.stream(ScriptLanguage.values()).map(language -> of(report, language)).toList(),
        abandonedThreads);
  }

  private static Language of(RuntimeReport report, ScriptLanguage language) {
    var state = report.of(language);
    var cause =
        switch (state) {
          case RuntimeReport.Optimised _ -> "";
          case RuntimeReport.Interpreted(var why) -> why;
          case RuntimeReport.Absent(var install) -> install;
        };
    return new Language(language.name().toLowerCase(Locale.ROOT), state.id(), cause);
  }
}
