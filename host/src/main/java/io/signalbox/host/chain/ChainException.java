package io.signalbox.host.chain;

import io.signalbox.host.telemetry.Reason;

/** A chain's text cannot be used; says where and why. */
public final class ChainException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Reason reason;

  private ChainException(Reason reason, String message) {
    // No stack trace: clients choose the text, and the position says all.
    super(message, null, false, false);
    this.reason = reason;
  }

  static ChainException invalid(int position, String problem) {
    return new ChainException(Reason.INVALID_CHAIN, at(position, problem));
  }

  static ChainException unknown(int position, String problem) {
    return new ChainException(Reason.UNKNOWN_STRATEGY, at(position, problem));
  }

  private static String at(int position, String problem) {
    return "position " + position + ": " + problem;
  }

  /** {@link Reason#INVALID_CHAIN} or {@link Reason#UNKNOWN_STRATEGY}. */
  public Reason reason() {
    return reason;
  }

  /** {@code position N: problem}; never null. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
