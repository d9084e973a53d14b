package io.signalbox.host.plugin;

/**
 * What is wrong with a plugin.
 *
 * @param file path below the plugin's folder; empty where the problem is none of a file's
 * @param line from 1; 0 where unknown
 * @param column from 1; 0 where unknown
 */
public record PluginProblem(String file, int line, int column, String text) {
  /** Nowhere in particular. */
  static PluginProblem of(String text) {
    return new PluginProblem("", 0, 0, text);
  }

  /** The text, after the place where one is known: {@code file:line:column: text}. */
  @Override
  public String toString() {
    return (file.isEmpty() ? "" : file + ":")
        + (line == 0 ? "" : line + ":")
        + (line == 0 || column == 0 ? "" : column + ":")
        + (file.isEmpty() && line == 0 ? "" : " ")
        + text;
  }
}
