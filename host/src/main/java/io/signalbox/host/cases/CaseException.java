package io.signalbox.host.cases;

import java.nio.file.Path;

/**
 * A file of cases that cannot be used; the message says which file, where in it, and what is
 * allowed there.
 */
public final class CaseException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * A problem.
   *
   * @param path such as {@code cases[2].request.user}; empty for the file as a whole
   */
  CaseException(Path file, String path, String problem) {
    super(file.getFileName() + ": " + (path.isEmpty() ? "" : path + ": ") + problem);
  }
}
