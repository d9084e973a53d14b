package io.signalbox.sdk;

/**
 * Thrown by a strategy that wants the request refused, whatever the rest of the chain would say.
 * Any other exception only skips the stage.
 */
public final class RequestRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;

  /**
   * A refusal.
   *
   * @param status the HTTP status of the answer, 400 to 599
   * @param message shown to the client
   * @throws IllegalArgumentException for another status
   */
  public RequestRefusedException(int status, String message) {
    super(message, null, false, false);
    if (status < 400 || status > 599) {
      throw new IllegalArgumentException("a refusal's status is from 400 to 599, not " + status);
    }
    this.status = status;
  }

  /** The HTTP status of the answer. */
  public int status() {
    return status;
  }
}
