package io.signalbox.host.kvevents;

/** What came is not what it should be. Ends where payloads are decoded. */
final class MalformedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  MalformedException(String problem) {
    super(problem, null, false, false);
  }
}
