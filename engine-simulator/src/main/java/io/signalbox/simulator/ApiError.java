package io.signalbox.simulator;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * An answer that says no, in OpenAI's shape with vLLM's type names.
 *
 * @param param the request field at fault, where there is one
 */
record ApiError(int status, String type, String message, @Nullable String param) {
  static ApiError badRequest(String message, @Nullable String param) {
    return new ApiError(400, "BadRequestError", message, param);
  }

  static ApiError unknownModel(String model) {
    return new ApiError(404, "NotFoundError", "The model `" + model + "` does not exist.", "model");
  }

  static ApiError unknownPath() {
    return new ApiError(404, "Not Found", "Not Found", null);
  }

  static ApiError wrongMethod() {
    return new ApiError(405, "Method Not Allowed", "Method Not Allowed", null);
  }

  static ApiError bodyTooLarge(int maxBytes) {
    return new ApiError(
        413, "Request Entity Too Large", "The body is larger than " + maxBytes + " bytes.", null);
  }

  static ApiError queueFull() {
    return new ApiError(503, "Service Unavailable", "Too many requests are waiting.", null);
  }

  static ApiError injected(int status) {
    return new ApiError(status, "InternalServerError", "Injected fault.", null);
  }

  JsonObject toJson() {
    var error =
        new JsonObject()
            .put("message", message)
            .put("type", type)
            .put("param", param)
            .put("code", status);
    return new JsonObject().put("error", error);
  }
}
