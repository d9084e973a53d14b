package io.signalbox.host.script;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The languages a script can be written in. */
public enum ScriptLanguage {
  /** ES modules; {@code .js} and {@code .mjs} mean the same. */
  JAVASCRIPT("JavaScript", "js", "skipJavascript", List.of(".js", ".mjs"), Duration.ofMillis(2)),
  /**
   * Python 3, as GraalPy speaks it. Each version's code is compiled anew, over seconds; until then
   * a call takes some 100 us, and some wait for milliseconds while the compiler has the cores.
   */
  PYTHON("Python", "python", "skipPython", List.of(".py"), Duration.ofMillis(10));

  private final String title;
  private final String engineId;
  private final String skipProperty;

  @SuppressWarnings("ImmutableEnumChecker") // List.of makes what cannot change.
  private final List<String> extensions;

  private final Duration budget;

  ScriptLanguage(
      String title,
      String engineId,
      String skipProperty,
      List<String> extensions,
      Duration budget) {
    this.title = title;
    this.engineId = engineId;
    this.skipProperty = skipProperty;
    this.extensions = extensions;
    this.budget = budget;
  }

  /** How users call it. */
  public String title() {
    return title;
  }

  /** The ends of file names, with their dots. */
  public List<String> extensions() {
    return extensions;
  }

  /** How long a call may take where the operator does not say. */
  public Duration budget() {
    return budget;
  }

  /** What to do where the language is not on the class path. */
  public String install() {
    return title
        + " is not part of this build of Signalbox: build it without -D"
        + skipProperty
        + ", or use the distribution that has it";
  }

  /** The language's name in GraalVM. */
  String engineId() {
    return engineId;
  }

  /** The language of a file, by the end of its name. */
  public static Optional<ScriptLanguage> ofFile(String name) {
    for (var language : values()) {
      if (language.extensions.stream().anyMatch(name::endsWith)) {
        return Optional.of(language);
      }
    }
    return Optional.empty();
  }
}
