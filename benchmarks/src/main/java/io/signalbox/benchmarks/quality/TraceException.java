package io.signalbox.benchmarks.quality;

/** A file that is no trace. */
final class TraceException extends RuntimeException {
  /**
   * A line that is no request.
   *
   * @param where the file and the line
   * @param problem what is wrong with it, and what is allowed
   */
  TraceException(String where, String problem) {
    super(where + " " + problem);
  }
}
