package io.signalbox.host.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Collects what is wrong in one configuration, and knows on which line each path stands. */
public final class ConfigProblems {
  private static final int MAX_SHOWN = 100;

  private final List<ConfigProblem> problems = new ArrayList<>();
  private final Map<String, Integer> lines = new HashMap<>();

  void locate(String path, int line) {
    lines.put(path, line);
  }

  /** Adds a problem of the value at a path, such as {@code routing.default}. */
  public void add(String path, String problem) {
    problems.add(new ConfigProblem(line(path), path, problem));
  }

  void add(int line, String path, String problem) {
    problems.add(new ConfigProblem(line, path, problem));
  }

  /** The line of the path, or of the nearest thing around it that is in the file. */
  private int line(String path) {
    for (var at = path; !at.isEmpty(); at = at.substring(0, Math.max(0, parentEnd(at)))) {
      var line = lines.get(at);
      if (line != null) {
        return line;
      }
    }
    return 0;
  }

  private static int parentEnd(String path) {
    return Math.max(path.lastIndexOf('.'), path.lastIndexOf('['));
  }

  /**
   * Ends the reading.
   *
   * @throws ConfigException with all problems in the order of the file, when there are any
   */
  public void throwIfAny() {
    if (!problems.isEmpty()) {
      problems.sort(Comparator.comparingInt(ConfigProblem::line));
      if (problems.size() > MAX_SHOWN) {
        int more = problems.size() - MAX_SHOWN;
        problems.subList(MAX_SHOWN, problems.size()).clear();
        problems.add(new ConfigProblem(0, "", "and " + more + " more problems"));
      }
      throw new ConfigException(problems);
    }
  }
}
