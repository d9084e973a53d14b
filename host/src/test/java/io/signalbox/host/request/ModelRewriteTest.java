package io.signalbox.host.request;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.request.ScanResult.Scanned;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ModelRewriteTest {
  record Row(String name, String body, String model, String rewritten) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Row> rows() {
    return List.of(
        new Row("alone", "{\"model\":\"a\"}", "bee", "{\"model\":\"bee\"}"),
        new Row(
            "spaces stay",
            "{ \"model\" :\n \"a\" , \"x\": 1 }",
            "b",
            "{ \"model\" :\n \"b\" , \"x\": 1 }"),
        new Row(
            "one further down is another",
            "{\"m\":{\"model\":\"x\"},\"model\":\"a\"}",
            "b",
            "{\"m\":{\"model\":\"x\"},\"model\":\"b\"}"),
        new Row(
            "behind text of more than a byte a letter",
            "{\"prompt\":\"äöü€\\u00e4\",\"model\":\"ä\\u00e4\",\"n\":1}",
            "b",
            "{\"prompt\":\"äöü€\\u00e4\",\"model\":\"b\",\"n\":1}"),
        new Row("quoted", "{\"model\":\"a\"}", "a\"b\\c", "{\"model\":\"a\\\"b\\\\c\"}"));
  }

  private static String rewrite(String body, String model) {
    var bytes = body.getBytes(UTF_8);
    var place = ModelRewrite.find(new ByteArrayInputStream(bytes)).orElseThrow();
    var rewritten = new ByteArrayOutputStream();
    rewritten.write(bytes, 0, place.from());
    rewritten.writeBytes(ModelRewrite.quoted(model));
    rewritten.write(bytes, place.to(), bytes.length - place.to());
    return rewritten.toString(UTF_8);
  }

  @ParameterizedTest
  @MethodSource("rows")
  void nothingButTheModelChanges(Row row) {
    assertThat(rewrite(row.body(), row.model())).isEqualTo(row.rewritten());
  }

  /** The parser reads 8,000 bytes at a time: wherever the model lies, it is found. */
  @Test
  void theModelIsFoundAcrossEveryBorder() {
    var random = new SplittableRandom(1);
    for (int i = 0; i < 300; i++) {
      var filling = "x".repeat(7_900 + i);
      var name = "n".repeat(1 + random.nextInt(40));
      var body = "{\"p\":\"" + filling + "\",\"model\":\"" + name + "\",\"z\":[1,2]}";

      assertThat(rewrite(body, "other"))
          .isEqualTo("{\"p\":\"" + filling + "\",\"model\":\"other\",\"z\":[1,2]}");
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void theResultIsRead(Row row) {
    var result =
        BodyScanner.scan(
            new ByteArrayInputStream(rewrite(row.body(), row.model()).getBytes(UTF_8)));
    assertThat(result).isEqualTo(new Scanned(row.model(), null, false));
  }

  @Test
  void otherEncodingsAreNotRewritten() {
    var bytes = "{\"model\":\"a\"}".getBytes(UTF_16LE);
    assertThat(ModelRewrite.find(new ByteArrayInputStream(bytes))).isEmpty();
    assertThat(ModelRewrite.find(new ByteArrayInputStream("{}".getBytes(UTF_8)))).isEmpty();
    assertThat(ModelRewrite.find(new ByteArrayInputStream("{\"x".getBytes(UTF_8)))).isEmpty();
  }
}
