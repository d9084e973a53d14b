package io.signalbox.host.ingest;

import java.util.List;

/** What came of a page. */
sealed interface PageVerdict {
  /**
   * It was read.
   *
   * @param findings one for each model of the address, in their order
   * @param asleep whether the engine says that it sleeps
   */
  record Read(Dialect dialect, List<Finding> findings, boolean asleep) implements PageVerdict {}

  /** Its counters stand still although the engine answers: it tells of another time than now. */
  record Frozen(Dialect dialect) implements PageVerdict {}

  /** Nothing on it is in any dialect the engine may speak. */
  record Unrecognised() implements PageVerdict {}
}
