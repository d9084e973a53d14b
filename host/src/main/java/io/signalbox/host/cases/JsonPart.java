package io.signalbox.host.cases;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An object in a file of cases, read strictly: what is not understood is a {@link CaseException}
 * that says where.
 */
final class JsonPart {
  private final Path file;
  private final String path;
  private final JsonObject json;

  JsonPart(Path file, String path, JsonObject json) {
    this.file = file;
    this.path = path;
    this.json = json;
  }

  /** This part; refuses members of other names. */
  JsonPart knowing(Set<String> members) {
    for (var name : json.fieldNames()) {
      if (!members.contains(name)) {
        throw problem(name, "is unknown; known here: " + String.join(", ", new TreeSet<>(members)));
      }
    }
    return this;
  }

  CaseException problem(String member, String problem) {
    return new CaseException(file, child(member), problem);
  }

  private String child(String member) {
    return path.isEmpty() || member.isEmpty() ? path + member : path + "." + member;
  }

  boolean has(String member) {
    return json.containsKey(member);
  }

  JsonObject json() {
    return json;
  }

  /** The names of all members, as written. */
  List<String> members() {
    return List.copyOf(json.fieldNames());
  }

  String text(String member) {
    return optionalText(member).orElseThrow(() -> problem(member, "must be a text"));
  }

  /** A text, or nothing where there is none or {@code null}. */
  Optional<String> optionalText(String member) {
    return Optional.ofNullable(json.getValue(member)).map(value -> text(member, value));
  }

  private String text(String member, @Nullable Object value) {
    if (value instanceof String text) {
      return text;
    }
    throw problem(member, "must be a text, not " + value);
  }

  /** A number; {@code NaN} where there is none or {@code null}. */
  double number(String member) {
    return number(member, json.getValue(member));
  }

  private double number(String member, @Nullable Object value) {
    return switch (value) {
      case null -> Double.NaN;
      case Number number -> number.doubleValue();
      default -> throw problem(member, "must be a number, or null for unknown, not " + value);
    };
  }

  boolean flag(String member) {
    return switch (json.getValue(member)) {
      case null -> false;
      case Boolean flag -> flag;
      case Object other -> throw problem(member, "must be true or false, not " + other);
    };
  }

  /** An object; empty where there is none. */
  JsonPart part(String member) {
    return switch (json.getValue(member)) {
      case null -> new JsonPart(file, child(member), new JsonObject());
      case JsonObject object -> new JsonPart(file, child(member), object);
      case Object other -> throw problem(member, "must be an object, not " + other);
    };
  }

  /** The objects of a list; none where there is none. */
  List<JsonPart> parts(String member) {
    var parts = new ArrayList<JsonPart>();
    for (var item : list(member)) {
      var at = member + "[" + parts.size() + "]";
      if (!(item instanceof JsonObject object)) {
        throw problem(at, "must be an object, not " + item);
      }
      parts.add(new JsonPart(file, child(at), object));
    }
    return parts;
  }

  /** The numbers of a list, {@code NaN} for {@code null}. */
  List<Double> numbers(String member) {
    var numbers = new ArrayList<Double>();
    for (var item : list(member)) {
      numbers.add(number(member + "[" + numbers.size() + "]", item));
    }
    return numbers;
  }

  /** The texts of a list, or the only one, which then need not be in a list. */
  List<String> texts(String member) {
    if (json.getValue(member) instanceof String text) {
      return List.of(text);
    }
    var texts = new ArrayList<String>();
    for (var item : list(member)) {
      texts.add(text(member + "[" + texts.size() + "]", item));
    }
    return texts;
  }

  private List<@Nullable Object> list(String member) {
    return switch (json.getValue(member)) {
      case null -> List.of();
      case JsonArray array -> array.stream().toList();
      case Object other -> throw problem(member, "must be a list, not " + other);
    };
  }

  /** All members of this part, which must be texts or numbers, as texts. */
  Map<String, String> scalars() {
    var scalars = new LinkedHashMap<String, String>();
    for (var entry : json) {
      switch (entry.getValue()) {
        case String text -> scalars.put(entry.getKey(), text);
        case Number number -> scalars.put(entry.getKey(), number.toString());
        case null -> throw problem(entry.getKey(), "must be a text or a number, not null");
        case Object other ->
            throw problem(entry.getKey(), "must be a text or a number, not " + other);
      }
    }
    return scalars;
  }

  /** All members of this part, which must be texts. */
  Map<String, String> texts() {
    var texts = new LinkedHashMap<String, String>();
    members().forEach(member -> texts.put(member, text(member)));
    return texts;
  }
}
