package io.signalbox.host;

/** The host cannot start; the message is for the operator and says all there is to say. */
final class StartException extends RuntimeException {
  private static final long serialVersionUID = 1;

  StartException(String message) {
    super(message, null, false, false);
  }
}
