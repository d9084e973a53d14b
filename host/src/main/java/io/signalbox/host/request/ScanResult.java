package io.signalbox.host.request;

import io.signalbox.host.telemetry.Reason;
import org.jspecify.annotations.Nullable;

/** What one pass over a body found. */
public sealed interface ScanResult {
  /**
   * The members a decision needs.
   *
   * @param model not blank
   * @param user null where absent or not a string
   * @param stream false where absent or not a boolean: the engine says what it thinks of it
   */
  record Scanned(String model, @Nullable String user, boolean stream) implements ScanResult {}

  /**
   * Not a body that can be routed.
   *
   * @param reason {@link Reason#INVALID_BODY} or {@link Reason#MISSING_MODEL}
   * @param problem for the client; never text of the body
   */
  record Unreadable(Reason reason, String problem) implements ScanResult {}
}
