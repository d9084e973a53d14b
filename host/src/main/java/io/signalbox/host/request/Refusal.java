package io.signalbox.host.request;

import io.signalbox.host.telemetry.Reason;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * An answer that is not the engine's own.
 *
 * @param status the HTTP status, 400 to 599
 * @param message for the client; never text of the body
 * @param parameter the member of the body or the header that is meant; empty where none is
 * @param headers of the answer besides those of every refusal, by lower-case name
 */
public record Refusal(
    Reason reason,
    int status,
    String message,
    Optional<String> parameter,
    Map<String, String> headers) {
  private static final String RETRY_AFTER = "retry-after";
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  public Refusal {
    headers = Map.copyOf(headers);
  }

  /** A refusal that means no member or header in particular. */
  public static Refusal of(Reason reason, String message) {
    return new Refusal(reason, reason.status(), message, Optional.empty(), Map.of());
  }

  /** A refusal that means one member of the body or one header. */
  public static Refusal of(Reason reason, String message, String parameter) {
    return new Refusal(reason, reason.status(), message, Optional.of(parameter), Map.of());
  }

  /**
   * A refusal that is not for good.
   *
   * @param after when to try again; told in whole seconds, rounded up
   */
  public static Refusal forNow(Reason reason, String message, Duration after) {
    long seconds = after.plusNanos(NANOS_PER_SECOND - 1).toSeconds();
    return of(reason, message).with(Map.of(RETRY_AFTER, String.valueOf(seconds)));
  }

  /** A strategy wants the request refused, with this status. */
  public static Refusal byStrategy(int status, String message) {
    return new Refusal(Reason.STRATEGY_REFUSED, status, message, Optional.empty(), Map.of());
  }

  /** A body over a door's limit. */
  public static Refusal bodyTooLarge(int maxBytes) {
    return of(Reason.BODY_TOO_LARGE, "the body may have " + maxBytes + " bytes at the most");
  }

  /** There is no room for another body. */
  public static Refusal overloaded() {
    return of(Reason.OVERLOADED, "too many request bodies are being read; try again");
  }

  /** The model is to be another one, and the body does not allow it. */
  public static Refusal modelStays() {
    return of(Reason.BAD_REQUEST, "this request's model cannot be rewritten", "model");
  }

  /** Something of ours went wrong; the log says what. */
  public static Refusal internalError() {
    return of(Reason.INTERNAL_ERROR, "the request could not be handled");
  }

  /** An endpoint was sent nothing, since there was no connection to be had. */
  public static Refusal noConnection(String address, Throwable cause) {
    return cause instanceof ConnectionPoolTooBusyException
        ? of(Reason.ENGINE_BUSY, "all connections to endpoint " + address + " are in use")
        : of(Reason.ENGINE_UNREACHABLE, "endpoint " + address + " cannot be reached");
  }

  /**
   * An endpoint was sent the request, and its answer cannot be had.
   *
   * @param what it did, such as {@code ended the connection}
   */
  public static Refusal engineFailed(String address, String what) {
    return of(Reason.ENGINE_FAILED, "endpoint " + address + " " + what);
  }

  /** An endpoint was sent the request, and was silent for too long. */
  public static Refusal silent(String address) {
    return of(Reason.ENGINE_TIMEOUT, "endpoint " + address + " did not answer in time");
  }

  /** The same with these headers, in the place of those it has. */
  public Refusal with(Map<String, String> others) {
    return new Refusal(reason, status, message, parameter, others);
  }

  /** The body of the answer, in the shape OpenAI clients read. */
  public Buffer json() {
    return new JsonObject()
        .put(
            "error",
            new JsonObject()
                .put("message", message)
                .put("type", reason.type(status))
                .put("code", reason.code())
                .put("param", parameter.orElse(null)))
        .toBuffer();
  }
}
