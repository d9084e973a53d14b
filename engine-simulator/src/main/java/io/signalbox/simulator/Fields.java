package io.signalbox.simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Reads typed fields of a request body. The first mistake is remembered and reading goes on with
 * stand-ins, so a parser is a plain list of reads with one look at {@link #error()} at its end. A
 * null field is an absent one.
 */
final class Fields {
  private final JsonObject json;
  private @Nullable ApiError error;

  Fields(JsonObject json) {
    this.json = json;
  }

  /** The first mistake, if any. */
  Optional<ApiError> error() {
    return Optional.ofNullable(error);
  }

  /** The object they are read from. */
  JsonObject json() {
    return json;
  }

  void refuse(ApiError mistake) {
    if (error == null) {
      error = mistake;
    }
  }

  void refuse(String message, String param) {
    refuse(ApiError.badRequest(message, param));
  }

  boolean has(String name) {
    return json.getValue(name) != null;
  }

  Object value(String name) {
    Object value = json.getValue(name);
    return value == null ? "" : value;
  }

  String text(String name, String otherwise) {
    return switch (json.getValue(name)) {
      case null -> otherwise;
      case String text -> text;
      default -> mistyped(name, "a string", otherwise);
    };
  }

  boolean flag(String name) {
    return switch (json.getValue(name)) {
      case null -> false;
      case Boolean flag -> flag;
      default -> mistyped(name, "a boolean", false);
    };
  }

  OptionalInt integer(String name) {
    return switch (json.getValue(name)) {
      case null -> OptionalInt.empty();
      case Integer number -> OptionalInt.of(number);
      default -> mistyped(name, "an integer", OptionalInt.empty());
    };
  }

  JsonObject object(String name) {
    return switch (json.getValue(name)) {
      case null -> new JsonObject();
      case JsonObject object -> object;
      default -> mistyped(name, "an object", new JsonObject());
    };
  }

  JsonArray array(String name) {
    return switch (json.getValue(name)) {
      case null -> new JsonArray();
      case JsonArray array -> array;
      default -> mistyped(name, "an array", new JsonArray());
    };
  }

  private <T> T mistyped(String name, String expected, T otherwise) {
    refuse("Input should be " + expected, name);
    return otherwise;
  }
}
