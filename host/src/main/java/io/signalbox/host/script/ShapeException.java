package io.signalbox.host.script;

/** What a script declares cannot be used; the message says which part, and what is allowed. */
final class ShapeException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ShapeException(String problem) {
    super(problem);
  }
}
