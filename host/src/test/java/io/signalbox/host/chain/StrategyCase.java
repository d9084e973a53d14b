package io.signalbox.host.chain;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One case of a file: what a router for a strategy, or a part of one, does in a situation.
 *
 * @param strategy the name of a strategy, or of a part of the router such as {@code multi}
 * @param unit what of it is asked, such as {@code route}
 */
record StrategyCase(String strategy, String unit, String name, JsonObject json) {
  /** The cases of a file: a JSON array of objects. */
  static List<StrategyCase> read(Path file) {
    JsonArray array;
    try {
      array = new JsonArray(Files.readString(file));
    } catch (DecodeException e) {
      throw new IllegalArgumentException(file + " is not a JSON array: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var cases = new ArrayList<StrategyCase>();
    for (int i = 0; i < array.size(); i++) {
      if (!(array.getValue(i) instanceof JsonObject json)) {
        throw new IllegalArgumentException(file + ": case " + i + " must be an object");
      }
      var place = file + ": case " + i;
      cases.add(
          new StrategyCase(
              text(place, json, "strategy"),
              text(place, json, "unit"),
              text(place, json, "name"),
              json));
    }
    return cases;
  }

  private static String text(String place, JsonObject json, String key) {
    if (json.getValue(key) instanceof String text && !text.isEmpty()) {
      return text;
    }
    throw new IllegalArgumentException(place + ": \"" + key + "\" must be a text");
  }

  /** What it is called in reports and lists. */
  String id() {
    return strategy + "/" + unit + "/" + name;
  }

  JsonObject request() {
    return json.getJsonObject("request", new JsonObject());
  }

  JsonObject state() {
    return json.getJsonObject("state", new JsonObject());
  }

  List<JsonObject> pods() {
    return objects(json.getJsonArray("pods", new JsonArray()));
  }

  /** The scorers it brings with it. */
  List<JsonObject> scorers() {
    return objects(state().getJsonArray("scorers", new JsonArray()));
  }

  /** The chain the request asks for. */
  String chain() {
    if (scorers().isEmpty()) {
      return request().getString("routing_strategy", strategy);
    }
    var terms =
        scorers().stream()
            .map(scorer -> scorer.getString("name") + ":" + scorer.getInteger("weight"));
    return String.join(",", terms.toList());
  }

  /** What a correct router does: where the reference has a bug, the case says so. */
  JsonObject expected() {
    var expected = json.getJsonObject("expected");
    return expected.getJsonObject("sane", expected);
  }

  static List<JsonObject> objects(JsonArray array) {
    return array.stream().map(JsonObject.class::cast).toList();
  }

  static List<String> texts(JsonArray array) {
    return array.stream().map(String.class::cast).toList();
  }

  /** A number, or a text that names one JSON has no literal for. */
  static double number(Object value) {
    return switch (value) {
      case Number number -> number.doubleValue();
      case String text ->
          switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.NaN;
          };
      default -> throw new IllegalArgumentException("no number: " + value);
    };
  }

  @Override
  public String toString() {
    return id();
  }
}
