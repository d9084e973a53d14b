package io.signalbox.host.config;

/**
 * One thing that is wrong in a configuration.
 *
 * @param line where, counted from 1; 0 where the file as a whole is meant
 * @param path such as {@code models[1].endpoints[0]}; empty for the whole file
 * @param problem what is wrong and what is allowed
 */
public record ConfigProblem(int line, String path, String problem) {
  @Override
  public String toString() {
    var where = path.isEmpty() ? "" : path + ": ";
    return (line == 0 ? "" : "line " + line + ": ") + where + problem;
  }
}
