package io.signalbox.host.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonMembersTest {
  /**
   * One edit.
   *
   * @param removed names with commas
   */
  record Row(
      String name,
      String json,
      String removed,
      Map<String, String> replaced,
      Map<String, String> set,
      String edited) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Row> rows() {
    var none = Map.<String, String>of();
    return List.of(
        new Row("nothing", " { \"a\" : 1 } ", "", none, none, " { \"a\" : 1 } "),
        new Row("of nothing", "{ }", "a", Map.of("a", "1"), none, "{ }"),
        new Row("to nothing", "{ }", "", none, Map.of("a", "1"), "{\"a\":1 }"),
        new Row("the only one goes", "{ \"a\": 1 }", "a", none, none, "{  }"),
        new Row(
            "the only one goes and another comes",
            "{ \"a\": 1 }",
            "a",
            none,
            Map.of("b", "[2]"),
            "{ \"b\":[2] }"),
        new Row("the first goes", "{\"a\":1 , \"b\":2}", "a", none, none, "{\"b\":2}"),
        new Row("the last goes", "{\"a\":1 , \"b\":2 }", "b", none, none, "{\"a\":1 }"),
        new Row(
            "one between goes",
            "{\"a\":1,\n\"b\":{\"b\":2},\t\"c\":3}",
            "b",
            none,
            none,
            "{\"a\":1,\t\"c\":3}"),
        new Row(
            "what is within another is another",
            "{\"a\":{\"b\":1},\"b\":[{\"b\":1}]}",
            "",
            Map.of("b", "0"),
            none,
            "{\"a\":{\"b\":1},\"b\":0}"),
        new Row(
            "every one of a name",
            "{\"a\":1,\"\\u0061\":\"x\",\"b\":2,\"a\":null}",
            "",
            none,
            Map.of("a", "7"),
            "{\"a\":7,\"\\u0061\":7,\"b\":2,\"a\":7}"),
        new Row(
            "values of every kind",
            "{\"s\":\"}\\\",\",\"n\":-1.5E+10,\"t\":true,\"z\":null,\"x\":0}",
            "",
            Map.of("s", "1", "n", "2", "t", "3", "z", "4"),
            none,
            "{\"s\":1,\"n\":2,\"t\":3,\"z\":4,\"x\":0}"));
  }

  private static JsonMembers members(String json) {
    return JsonMembers.of(Buffer.buffer(json)).orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("rows")
  void nothingElseChanges(Row row) {
    var edit =
        new JsonEdit(
            row.removed().isEmpty() ? Set.of() : Set.of(row.removed()), row.replaced(), row.set());

    assertThat(members(row.json()).edited(edit)).hasToString(row.edited());
  }

  /** A member with what stands around it, as it is written. */
  private record Written(String before, String name, String between, String value) {
    static Written random(SplittableRandom random, int index) {
      return new Written(
          blank(random), "m" + index, blank(random) + ":" + blank(random), anyValue(random, 0));
    }

    Written with(String other) {
      return new Written(before, name, between, other);
    }

    String text() {
      return before + '"' + name + '"' + between + value;
    }
  }

  private static String json(List<Written> members, String more, String tail) {
    return members.stream()
        .map(Written::text)
        .collect(Collectors.joining(" ,", "{", more + tail + "}"));
  }

  /**
   * Whatever an object has, wherever it lies: the others keep their bytes, and the text its sense.
   */
  @Test
  void randomObjectsKeepTheirBytes() {
    var random = new SplittableRandom(4);
    for (int round = 0; round < 2_000; round++) {
      var members =
          new ArrayList<>(
              IntStream.range(0, random.nextInt(1, 8))
                  .mapToObj(index -> Written.random(random, index))
                  .toList());
      var tail = blank(random);
      var before = json(members, "", tail);
      int changed = random.nextInt(members.size());

      var edited =
          members(before)
              .edited(new JsonEdit(Set.of(), Map.of("m" + changed, "\"here\""), Map.of("new", "1")))
              .toString();

      members.set(changed, members.get(changed).with("\"here\""));
      assertThat(edited).isEqualTo(json(members, ",\"new\":1", tail));
      assertThat(new JsonObject(edited).getString("m" + changed)).isEqualTo("here");
    }
  }

  private static String blank(SplittableRandom random) {
    return List.of("", " ", "\n", "\t ", "\r\n").get(random.nextInt(5));
  }

  private static String anyValue(SplittableRandom random, int depth) {
    return switch (random.nextInt(depth > 2 ? 4 : 6)) {
      case 0 ->
          "\""
              + List.of("", "a\\\"}", "ü😀", "\\u00e4\\\\", "x".repeat(9_000))
                  .get(random.nextInt(5))
              + "\"";
      case 1 -> List.of("0", "-12.50e-3", "123456789012345678901234567890").get(random.nextInt(3));
      case 2 -> "true";
      case 3 -> "null";
      case 4 -> "[" + anyValue(random, depth + 1) + "," + anyValue(random, depth + 1) + "]";
      default -> "{\"m0\":" + anyValue(random, depth + 1) + "}";
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "1", "{\"a\":", "{\"a\" 1}"})
  void whatIsNoObjectHasNoMembers(String json) {
    assertThat(JsonMembers.of(Buffer.buffer(json))).isEmpty();
  }

  @Test
  void otherEncodingsHaveNoPlaces() {
    var json = Buffer.buffer("{\"a\":1}".getBytes(StandardCharsets.UTF_16BE));
    assertThat(JsonMembers.of(json)).isEmpty();
  }

  /** One look into a text. */
  record Look(String json, List<String> path, String found) {}

  static List<Look> looks() {
    return List.of(
        new Look("{\"a\": [1, 2] }", List.of("a"), "[1, 2]"),
        new Look("{\"x\":{\"b\":0},\"a\":{\"b\":\"ü\\n\"}}", List.of("a", "b"), "\"ü\\n\""),
        new Look("{\"c\":[{\"b\":1e400},{\"b\":2}]}", List.of("c", "b"), "1e400"),
        new Look("{\"c\":[]}", List.of("c", "b"), "nothing"),
        new Look("{\"a\":1}", List.of("a", "b"), "nothing"),
        new Look("[]", List.of("a"), "nothing"));
  }

  @ParameterizedTest
  @MethodSource("looks")
  void aValueIsFoundAsItIsWritten(Look look) throws IOException {
    var path = look.path().toArray(String[]::new);

    assertThat(JsonMembers.find(Buffer.buffer(look.json()), path).orElse("nothing"))
        .isEqualTo(look.found());
  }

  @Test
  void whatIsNoJsonIsSaidToBeNone() {
    assertThatThrownBy(() -> JsonMembers.find(Buffer.buffer("{\"a\" 1}"), "a"))
        .isInstanceOf(IOException.class);
  }
}
