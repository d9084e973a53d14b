package io.signalbox.host.request;

import io.signalbox.host.telemetry.Reason;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * An answer that is not the engine's own.
 *
 * @param status the HTTP status, 400 to 599
 * @param message for the client; never text of the body
 * @param parameter the member of the body or the header that is meant; empty where none is
 */
public record Refusal(Reason reason, int status, String message, Optional<String> parameter) {
  /** A refusal that means no member or header in particular. */
  public static Refusal of(Reason reason, String message) {
    return new Refusal(reason, reason.status(), message, Optional.empty());
  }

  /** A refusal that means one member of the body or one header. */
  public static Refusal of(Reason reason, String message, String parameter) {
    return new Refusal(reason, reason.status(), message, Optional.of(parameter));
  }

  /** A strategy wants the request refused, with this status. */
  public static Refusal byStrategy(int status, String message) {
    return new Refusal(Reason.STRATEGY_REFUSED, status, message, Optional.empty());
  }

  /** A body over a door's limit. */
  public static Refusal bodyTooLarge(int maxBytes) {
    return of(Reason.BODY_TOO_LARGE, "the body may have " + maxBytes + " bytes at the most");
  }

  /** There is no room for another body. */
  public static Refusal overloaded() {
    return of(Reason.OVERLOADED, "too many request bodies are being read; try again");
  }

  /** Something of ours went wrong; the log says what. */
  public static Refusal internalError() {
    return of(Reason.INTERNAL_ERROR, "the request could not be handled");
  }

  /** The body of the answer, in the shape OpenAI clients read. */
  public Buffer json() {
    return new JsonObject()
        .put(
            "error",
            new JsonObject()
                .put("message", message)
                .put("type", Reason.type(status))
                .put("code", reason.code())
                .put("param", parameter.orElse(null)))
        .toBuffer();
  }
}
