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
   * @param mostOutputTokens the least of {@code max_tokens}, {@code max_completion_tokens} and
   *     {@code max_output_tokens}; infinite where none is there, or one is no count
   */
  record Scanned(String model, @Nullable String user, boolean stream, double mostOutputTokens)
      implements ScanResult {
    /** With an answer of any length. */
    public Scanned(String model, @Nullable String user, boolean stream) {
      this(model, user, stream, Double.POSITIVE_INFINITY);
    }

    /** The same for another model. */
    public Scanned withModel(String other) {
      return new Scanned(other, user, stream, mostOutputTokens);
    }

    /**
     * The same request of somebody else.
     *
     * @param other null: of nobody in particular
     */
    public Scanned withUser(@Nullable String other) {
      return new Scanned(model, other, stream, mostOutputTokens);
    }
  }

  /**
   * Not a body that can be routed.
   *
   * @param reason {@link Reason#INVALID_BODY} or {@link Reason#MISSING_MODEL}
   * @param problem for the client; never text of the body
   */
  record Unreadable(Reason reason, String problem) implements ScanResult {}
}
