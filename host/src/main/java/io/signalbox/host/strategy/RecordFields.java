package io.signalbox.host.strategy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the members of one JSON object strictly. A member that is null is an absent one.
 *
 * @param path of the object, ending with a dot; empty for the record itself
 */
public record RecordFields(String path, JsonObject json) {
  /** The version of all records; member {@code v}. */
  public static final int VERSION = 1;

  /**
   * The members of a record.
   *
   * @throws RecordException when it is none of our version
   */
  public static RecordFields of(@Nullable Object body) {
    if (!(body instanceof JsonObject json)) {
      throw new RecordException("the record", "must be an object, not " + kind(body));
    }
    var fields = new RecordFields("", json);
    double version = fields.number("v").orElseThrow(() -> fields.wrong("v", "must be there"));
    if (version != VERSION) {
      throw fields.wrong("v", "must be " + VERSION + ", not " + json.getValue("v"));
    }
    return fields;
  }

  boolean has(String name) {
    return json.getValue(name) != null;
  }

  /** The members of an object that must be there. */
  public RecordFields object(String name) {
    var value = json.getValue(name);
    if (value instanceof JsonObject object) {
      return new RecordFields(path + name + ".", object);
    }
    throw wrongKind(name, "an object", value);
  }

  JsonArray list(String name) {
    var value = json.getValue(name);
    if (value instanceof JsonArray list) {
      return list;
    }
    throw wrongKind(name, "a list", value);
  }

  /** The members of an object in a list. */
  RecordFields element(String list, int index) {
    var name = list + "[" + index + "]";
    var value = list(list).getValue(index);
    if (value instanceof JsonObject object) {
      return new RecordFields(path + name + ".", object);
    }
    throw wrongKind(name, "an object", value);
  }

  /** A text that must be there. */
  public String requiredText(String name) {
    return text(name).orElseThrow(() -> wrongKind(name, "a text", null));
  }

  Optional<String> text(String name) {
    return switch (json.getValue(name)) {
      case null -> Optional.empty();
      case String text -> Optional.of(text);
      case Object value -> throw wrongKind(name, "a text", value);
    };
  }

  Optional<Double> number(String name) {
    return switch (json.getValue(name)) {
      case null -> Optional.empty();
      case Number number -> Optional.of(number.doubleValue());
      case Object value -> throw wrongKind(name, "a number", value);
    };
  }

  /** Absent is false. */
  boolean flag(String name) {
    return switch (json.getValue(name)) {
      case null -> false;
      case Boolean flag -> flag;
      case Object value -> throw wrongKind(name, "true or false", value);
    };
  }

  /** An integer that must be there and in this range. */
  public int integer(String name, int min, int max) {
    double value =
        number(name)
            .orElseThrow(() -> wrongKind(name, "an integer from " + min + " to " + max, null));
    if (value != Math.rint(value) || value < min || value > max) {
      throw wrong(name, "must be an integer from " + min + " to " + max + ", not " + value);
    }
    return (int) value;
  }

  /** One number for each of {@code size} endpoints; null is {@code NaN}. */
  void numbers(String name, int size, double[] into) {
    var list = sized(name, size);
    for (int i = 0; i < size; i++) {
      into[i] =
          switch (list.getValue(i)) {
            case null -> Double.NaN;
            case Number number -> number.doubleValue();
            case Object value -> throw wrongKind(name + "[" + i + "]", "a number or null", value);
          };
    }
  }

  /** Likewise, true or false. */
  void flags(String name, int size, boolean[] into) {
    var list = sized(name, size);
    for (int i = 0; i < size; i++) {
      var value = list.getValue(i);
      if (!(value instanceof Boolean flag)) {
        throw wrongKind(name + "[" + i + "]", "true or false", value);
      }
      into[i] = flag;
    }
  }

  private JsonArray sized(String name, int size) {
    var list = list(name);
    if (list.size() != size) {
      throw wrong(
          name, "must have one element for each of " + size + " endpoints, not " + list.size());
    }
    return list;
  }

  /** An object of texts; empty where it is absent. */
  Map<String, String> texts(String name) {
    if (!has(name)) {
      return Map.of();
    }
    var fields = object(name);
    var texts = new LinkedHashMap<String, String>();
    for (var key : fields.json.fieldNames()) {
      texts.put(key, fields.requiredText(key));
    }
    return texts;
  }

  RecordException wrong(String name, String problem) {
    return new RecordException(path + name, problem);
  }

  RecordException wrongKind(String name, String allowed, @Nullable Object value) {
    return wrong(name, "must be " + allowed + ", not " + kind(value));
  }

  /** What a value is, without telling it: it may be anybody's text. */
  private static String kind(@Nullable Object value) {
    return switch (value) {
      case null -> "absent";
      case String _ -> "a text";
      case Number number -> "the number " + number;
      case Boolean flag -> flag.toString();
      case JsonObject _ -> "an object";
      case JsonArray _ -> "a list";
      case Object other -> "of " + other.getClass().getName();
    };
  }
}
