package io.signalbox.host.request;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.request.ScanResult.Scanned;
import io.signalbox.host.request.ScanResult.Unreadable;
import io.signalbox.host.telemetry.Reason;
import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BodyScannerTest {
  private static final String CHAT =
      """
      {"messages": [{"role": "user", "content": "H\u00e4lt \\"das\\"? {\\"model\\": \\"no\\"}"}],
       "temperature": 0.5, "model": "llama", "stream": true, "user": "ann", "stop": null}\
      """;

  private static ScanResult scan(byte[] body) {
    return BodyScanner.scan(new ByteArrayInputStream(body));
  }

  private static ScanResult scan(String body) {
    return scan(body.getBytes(UTF_8));
  }

  record Good(String name, String body, Scanned scanned) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Good model(String name, String body) {
    return new Good(name, body, new Scanned("llama", null, false));
  }

  private static Good most(String name, String member, double tokens) {
    return new Good(
        name, "{\"model\":\"llama\"," + member + "}", new Scanned("llama", null, false, tokens));
  }

  static List<Good> good() {
    return List.of(
        new Good("a chat", CHAT, new Scanned("llama", "ann", true)),
        model("nothing but the model", "{\"model\":\"llama\"}"),
        model("model before messages", "{\"model\":\"llama\",\"messages\":[{\"model\":\"x\"}]}"),
        model("model after messages", "{\"messages\":[{\"model\":\"x\"}],\"model\":\"llama\"}"),
        model("a model further down is another one", "{\"model\":\"llama\",\"a\":{\"model\":1}}"),
        model("an escaped member name", "{\"mod\\u0065l\":\"llama\"}"),
        model("an escaped value", "{\"model\":\"ll\\u0061ma\"}"),
        model("spaces around", " \t\r\n{ \"model\" : \"llama\" } \n"),
        model("a byte order mark", "\ufeff{\"model\":\"llama\"}"),
        model(
            "names of other case", "{\"Model\":1,\"MODEL\":2,\"model\":\"llama\",\"STREAM\":true}"),
        model("stream false", "{\"model\":\"llama\",\"stream\":false}"),
        model("stream not a boolean", "{\"model\":\"llama\",\"stream\":\"true\"}"),
        model("stream an object", "{\"model\":\"llama\",\"stream\":{\"a\":true}}"),
        model("user null", "{\"model\":\"llama\",\"user\":null}"),
        model("user a list", "{\"model\":\"llama\",\"user\":[\"ann\"]}"),
        model("user a number", "{\"model\":\"llama\",\"user\":5}"),
        model(
            "any number",
            "{\"model\":\"llama\",\"a\":[1e999999,-0.0,1E+2," + "9".repeat(1_000) + "]}"),
        most("max_tokens", "\"max_tokens\":7", 7),
        most("zero", "\"max_tokens\":0", 0),
        most("max_completion_tokens", "\"max_completion_tokens\":7", 7),
        most("max_output_tokens", "\"max_output_tokens\":7", 7),
        most("the least of all", "\"max_tokens\":9,\"max_completion_tokens\":7", 7),
        most("a negative one is none", "\"max_tokens\":-1", Double.POSITIVE_INFINITY),
        most("null is none", "\"max_tokens\":null", Double.POSITIVE_INFINITY),
        most("a text is none", "\"max_tokens\":\"7\"", Double.POSITIVE_INFINITY),
        most("a huge one", "\"max_tokens\":1" + "0".repeat(900), Double.POSITIVE_INFINITY),
        new Good(
            "the last user and stream count",
            "{\"user\":\"a\",\"stream\":true,\"user\":\"b\",\"stream\":false,\"model\":\"llama\"}",
            new Scanned("llama", "b", false)),
        new Good(
            "spaces belong to the name", "{\"model\":\" a \"}", new Scanned(" a ", null, false)),
        new Good(
            "a name as long as allowed",
            "{\"model\":\"" + "m".repeat(BodyScanner.MAX_MODEL_LENGTH) + "\"}",
            new Scanned("m".repeat(BodyScanner.MAX_MODEL_LENGTH), null, false)),
        new Good(
            "a name beyond the basic plane",
            "{\"model\":\"\ud83d\ude80\"}",
            new Scanned("\ud83d\ude80", null, false)),
        model("as deep as allowed", deep(BodyScanner.MAX_DEPTH - 1)),
        model("many members", manyMembers(20_000)));
  }

  /** The model beside this many lists within each other. */
  private static String deep(int lists) {
    return "{\"a\":" + "[".repeat(lists) + "]".repeat(lists) + ",\"model\":\"llama\"}";
  }

  private static String manyMembers(int members) {
    return IntStream.range(0, members)
        .mapToObj(i -> "\"member" + i + "\":" + i)
        .collect(Collectors.joining(",", "{", ",\"model\":\"llama\"}"));
  }

  @ParameterizedTest
  @MethodSource("good")
  void findsWhatADecisionNeeds(Good row) {
    assertThat(scan(row.body())).isEqualTo(row.scanned());
  }

  record Bad(String name, String body, Reason reason) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Bad invalid(String name, String body) {
    return new Bad(name, body, Reason.INVALID_BODY);
  }

  private static Bad missing(String name, String body) {
    return new Bad(name, body, Reason.MISSING_MODEL);
  }

  static List<Bad> bad() {
    return List.of(
        missing("no members", "{}"),
        missing("no model", "{\"messages\":[]}"),
        missing("a model further down only", "{\"a\":{\"model\":\"llama\"}}"),
        missing("model empty", "{\"model\":\"\"}"),
        missing("model blank", "{\"model\":\" \\t\\u2003\"}"),
        missing("model null", "{\"model\":null}"),
        missing("model a number", "{\"model\":5}"),
        missing("model a list", "{\"model\":[\"llama\"]}"),
        missing("model an object", "{\"model\":{\"model\":\"llama\"}}"),
        missing("model too long", "{\"model\":\"" + "m".repeat(513) + "\"}"),
        invalid("two models", "{\"model\":\"a\",\"model\":\"b\"}"),
        invalid("two models, the same", "{\"model\":\"a\",\"model\":\"a\"}"),
        invalid("two models, one escaped", "{\"model\":\"a\",\"mod\\u0065l\":\"b\"}"),
        invalid("nothing", ""),
        invalid("only spaces", "  \n"),
        invalid("a list", "[{\"model\":\"llama\"}]"),
        invalid("a text", "\"model\""),
        invalid("a number", "5"),
        invalid("null", "null"),
        invalid("no JSON", "model=llama"),
        invalid("a second object after the first", "{\"model\":\"llama\"}{\"model\":\"x\"}"),
        invalid("text after the object", "{\"model\":\"llama\"} and so on"),
        invalid("a brace too many", "{\"model\":\"llama\"}}"),
        invalid("a comma too many", "{\"model\":\"llama\",}"),
        invalid("a comment", "{\"model\":\"llama\"/* why */}"),
        invalid("single quotes", "{'model':'llama'}"),
        invalid("a name without quotes", "{model:\"llama\"}"),
        invalid("a line break in a text", "{\"model\":\"lla\nma\"}"),
        invalid("NaN", "{\"model\":\"llama\",\"a\":NaN}"),
        invalid("a number with a leading zero", "{\"model\":\"llama\",\"a\":01}"),
        invalid("a bad escape", "{\"model\":\"\\x41\"}"),
        invalid("too deep", deep(BodyScanner.MAX_DEPTH)),
        invalid("far too deep", deep(100_000)),
        invalid("brackets without end", "{\"a\":" + "[".repeat(100_000)),
        invalid("the wrong bracket", "{\"model\":\"llama\",\"a\":[1}"));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void saysWhatCannotBeRouted(Bad row) {
    assertThat(scan(row.body()))
        .isInstanceOfSatisfying(
            Unreadable.class,
            unreadable -> {
              assertThat(unreadable.reason()).isEqualTo(row.reason());
              assertThat(unreadable.problem()).doesNotContain("llama").doesNotContain("prompt");
            });
  }

  @Test
  void aBodyCutOffAtAnyByteIsInvalid() {
    var whole = CHAT.getBytes(UTF_8);
    for (int length = 0; length < whole.length; length++) {
      assertThat(scan(Arrays.copyOf(whole, length)))
          .as("the first %d bytes", length)
          .isInstanceOfSatisfying(
              Unreadable.class,
              unreadable -> assertThat(unreadable.reason()).isEqualTo(Reason.INVALID_BODY));
    }
  }

  static List<String> brokenUtf8() {
    return List.of("\u00ff", "\u00c3(", "\u00e2\u0082", "\u00f8\u0088\u0080\u0080");
  }

  @ParameterizedTest
  @MethodSource("brokenUtf8")
  void brokenUtf8IsInvalidWhereverItStands(String broken) {
    for (var body :
        List.of(
            "{\"model\":\"a" + broken + "b\"}",
            "{\"mod" + broken + "el\":\"a\"}",
            "{\"model\":\"a\",\"messages\":\"" + broken + "\"}",
            "{\"model\":\"a\"}" + broken)) {
      assertThat(scan(body.getBytes(ISO_8859_1)))
          .as(body)
          .isInstanceOfSatisfying(
              Unreadable.class,
              unreadable -> assertThat(unreadable.reason()).isEqualTo(Reason.INVALID_BODY));
    }
  }

  @Test
  void utf16IsReadAsWhatItSays() {
    var body = "{\"model\":\"llama\"}";

    assertThat(scan(body.getBytes(UTF_16LE))).isEqualTo(new Scanned("llama", null, false));
    assertThat(scan(body.getBytes(UTF_16BE))).isEqualTo(new Scanned("llama", null, false));
  }

  @Test
  void whereJsonGoesWrongIsSaidWithoutTheText() {
    assertThat(scan("{\"model\": \"a\",\n \"prompt\": secret}"))
        .isEqualTo(
            new Unreadable(Reason.INVALID_BODY, "the body is not valid JSON: line 2, column 12"));
  }

  @Test
  void noBytesMakeItFail() {
    var random = new SplittableRandom(1);
    var seeds = List.of(CHAT.getBytes(UTF_8), CHAT.getBytes(UTF_16LE), deep(5).getBytes(UTF_8));
    var telling = "{}[]\",:\\ue0+-.\u00c3\u00e2\u00f0\u0000model".getBytes(ISO_8859_1);
    for (int run = 0; run < 20_000; run++) {
      var body = seeds.get(run % seeds.size()).clone();
      for (int change = random.nextInt(4); change >= 0; change--) {
        int at = random.nextInt(body.length);
        switch (random.nextInt(4)) {
          case 0 -> body[at] = (byte) random.nextInt(256);
          case 1 -> body[at] = telling[random.nextInt(telling.length)];
          case 2 -> body = Arrays.copyOf(body, Math.max(1, at));
          default -> System.arraycopy(body, 0, body, at, Math.min(at, body.length - at));
        }
      }
      var result = scan(body);
      if (result instanceof Scanned(var model, var user, var stream, var most)) {
        assertThat(model).as("user %s, stream %s", user, stream).isNotBlank();
      }
    }
  }

  record Cut(String name, String body, ScanResult result) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Cut> cuts() {
    var notInIt =
        new Unreadable(
            Reason.BODY_TOO_LARGE,
            "the proxy passes on only the beginning of the body, and \"model\" is not in it");
    return List.of(
        new Cut("in a text", "{\"model\":\"m\",\"p\":\"hel", new Scanned("m", null, false)),
        new Cut(
            "in a name", "{\"stream\":true,\"model\":\"m\",\"pro", new Scanned("m", null, true)),
        new Cut(
            "in what lies deep",
            "{\"model\":\"m\",\"a\":[{\"b\":[1",
            new Scanned("m", null, false)),
        new Cut("not at all", "{\"model\":\"m\"}", new Scanned("m", null, false)),
        new Cut("in a word", "{\"model\":\"m\",\"n\":tru", new Scanned("m", null, false)),
        new Cut("in a number", "{\"model\":\"m\",\"n\":1.", new Scanned("m", null, false)),
        new Cut("in a word before the model", "{\"stream\":t", notInIt),
        new Cut("in the model", "{\"model\":\"lla", notInIt),
        new Cut("before the model", "{\"messages\":[{\"content\":\"hello", notInIt),
        new Cut("empty", "", new Unreadable(Reason.INVALID_BODY, "the body must be a JSON object")),
        new Cut(
            "a word that there is not",
            "{\"n\":trux,\"model\":\"m\"}",
            new Unreadable(Reason.INVALID_BODY, "the body is not valid JSON")),
        new Cut(
            "no JSON",
            "{model\"",
            new Unreadable(Reason.INVALID_BODY, "the body is not valid JSON")));
  }

  @ParameterizedTest
  @MethodSource("cuts")
  void theBeginningOfABodyTellsWhatIsInIt(Cut row) {
    var body = row.body().getBytes(UTF_8);
    assertThat(BodyScanner.scanBeginning(new ByteArrayInputStream(body), body.length))
        .isEqualTo(row.result());
  }
}
