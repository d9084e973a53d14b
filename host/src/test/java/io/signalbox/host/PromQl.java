package io.signalbox.host;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a parser of Prometheus' own grammar finds in an expression.
 *
 * @param problem empty where it parses
 * @param selectors the series it reads
 * @param labels by which series are grouped or matched
 */
record PromQl(String problem, List<Selector> selectors, List<String> labels) {
  /** A metric, and what its series must have. */
  record Selector(String metric, List<Matcher> matchers) {}

  /** What a label must be. */
  record Matcher(String label, String operator, String value) {
    /** The values it names: several where it is a list of alternatives. */
    List<String> values() {
      return operator.endsWith("~") ? Arrays.asList(value.split("\\|", -1)) : List.of(value);
    }

    boolean matches(String actual) {
      return switch (operator) {
        case "=" -> actual.equals(value);
        case "!=" -> !actual.equals(value);
        case "=~" -> Pattern.matches(value, actual);
        case "!~" -> !Pattern.matches(value, actual);
        default -> throw new IllegalArgumentException(operator);
      };
    }
  }

  /** What is in each expression, in their order. */
  static List<PromQl> parse(List<String> expressions) {
    try {
      var process = PythonLibrary.of("promql", "promql_parser").script("selectors.py").start();
      try (var input = process.outputWriter(StandardCharsets.UTF_8)) {
        input.write(new JsonArray(expressions).encode());
      }
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return objects(new JsonArray(output)).stream().map(PromQl::of).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PromQl of(JsonObject parsed) {
    return new PromQl(
        parsed.getString("problem", ""),
        objects(parsed.getJsonArray("selectors", new JsonArray())).stream()
            .map(PromQl::selector)
            .toList(),
        parsed.getJsonArray("labels", new JsonArray()).stream().map(String::valueOf).toList());
  }

  private static Selector selector(JsonObject found) {
    return new Selector(
        found.getString("metric"),
        objects(found.getJsonArray("matchers")).stream()
            .map(m ->
                new Matcher(m.getString("label"), m.getString("operator"), m.getString("value")))
            .toList());
  }

  static List<JsonObject> objects(JsonArray array) {
    return array.stream().map(JsonObject.class::cast).toList();
  }
}
