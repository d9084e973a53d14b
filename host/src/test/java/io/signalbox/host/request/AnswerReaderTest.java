package io.signalbox.host.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AnswerReaderTest {
  private static final double NONE = Double.NaN;

  /** A body and what is to be found in it. */
  record Answer(String name, String type, String body, Usage usage, long deltas) {
    static Answer json(String name, String body, Usage usage) {
      return new Answer(name, "application/json", body, usage, 0);
    }

    static Answer stream(String name, String body, Usage usage, long deltas) {
      return new Answer(name, "text/event-stream; charset=utf-8", body, usage, deltas);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static Usage usage(double prompt, double cached, double output) {
    return new Usage(prompt, cached, output);
  }

  private static String events(String... events) {
    return "data: " + String.join("\n\ndata: ", events) + "\n\n";
  }

  static List<Answer> answers() {
    return List.of(
        Answer.json(
            "chat",
            """
            {"id": "x", "choices": [{"index": 0, "message": {"role": "assistant", "content": "a \\"usage\\": {\\"prompt_tokens\\": 9} b"}}],
             "usage": {"prompt_tokens": 12, "total_tokens": 15, "completion_tokens": 3,
                       "prompt_tokens_details": {"audio_tokens": 0, "cached_tokens": 8}}}
            """,
            usage(12, 8, 3)),
        Answer.json(
            "no details",
            "{\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":0,\"prompt_tokens_details\":null}}",
            usage(12, NONE, 0)),
        Answer.json(
            "embeddings",
            "{\"data\":[{\"embedding\":[0.1,-2e3,5]}],\"usage\":{\"prompt_tokens\":7,\"total_tokens\":7}}",
            usage(7, NONE, 0)),
        Answer.json(
            "responses",
            "{\"output\":[],\"usage\":{\"input_tokens\":36,\"input_tokens_details\":{\"cached_tokens\":4},"
                + "\"output_tokens\":87,\"output_tokens_details\":{\"reasoning_tokens\":5,\"cached_tokens\":99}}}",
            usage(36, 4, 87)),
        Answer.json(
            "usage first",
            "{\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2},\"x\":{\"completion_tokens\":5}}",
            usage(1, NONE, 2)),
        Answer.json("usage elsewhere", "{\"a\":{\"usage\":{\"prompt_tokens\":1}}}", Usage.UNKNOWN),
        Answer.json("usage in a list", "{\"usage\":[{\"prompt_tokens\":1}]}", Usage.UNKNOWN),
        Answer.json("no usage", "{\"error\":{\"message\":\"no\"}}", Usage.UNKNOWN),
        Answer.json(
            "not counts",
            "{\"usage\":{\"prompt_tokens\":1.5,\"completion_tokens\":-3}}",
            Usage.UNKNOWN),
        Answer.json(
            "too large", "{\"usage\":{\"prompt_tokens\":99999999999999999999}}", Usage.UNKNOWN),
        Answer.json("no JSON", "}}}{\"usage\":{\"prompt_tokens\":1}}", Usage.UNKNOWN),
        Answer.json(
            "nested too deeply",
            "[".repeat(100) + "{\"usage\":{\"prompt_tokens\":1}}",
            Usage.UNKNOWN),
        Answer.json("a list", "[1,2]", Usage.UNKNOWN),
        Answer.json("empty", "", Usage.UNKNOWN),
        Answer.stream(
            "chat with usage at the end",
            events(
                "{\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}],\"usage\":null}",
                "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"He\\\"l\"}}],\"usage\":null}",
                "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"lo\"},\"finish_reason\":\"stop\"}]}",
                "{\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":4,\"prompt_tokens_details\":{\"cached_tokens\":0}}}",
                "[DONE]"),
            usage(5, 0, 4),
            2),
        Answer.stream(
            "chat without usage: the events count",
            events(
                "{\"choices\":[{\"delta\":{\"role\":\"assistant\"}}]}",
                "{\"choices\":[{\"delta\":{\"content\":\"a\"}}]}",
                "{\"choices\":[{\"delta\":{\"reasoning_content\":\"b\"}}]}",
                "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\"}}]}}]}",
                "{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}",
                "[DONE]"),
            usage(NONE, NONE, 3),
            3),
        Answer.stream(
            "completions",
            events(
                "{\"choices\":[{\"index\":0,\"text\":\"a\",\"finish_reason\":null}]}",
                "{\"choices\":[{\"index\":0,\"text\":\"b\",\"finish_reason\":\"length\"}]}",
                "{\"choices\":[{\"index\":0,\"text\":\"\"}]}",
                "[DONE]"),
            usage(NONE, NONE, 2),
            2),
        Answer.stream(
            "usage in every event: the last counts",
            events(
                "{\"choices\":[{\"text\":\"a\"}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}",
                "{\"choices\":[{\"text\":\"b\"}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2}}"),
            usage(3, NONE, 2),
            2),
        Answer.stream(
            "responses",
            "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"delta\":\"Hi\"}\n\n"
                + "event: response.completed\n"
                + "data: {\"type\":\"response.completed\",\"response\":{\"id\":\"r\",\"usage\":{\"input_tokens\":3,"
                + "\"input_tokens_details\":{\"cached_tokens\":1},\"output_tokens\":2}}}\n\n",
            usage(3, 1, 2),
            1),
        Answer.stream(
            "comments, carriage returns, an event over two lines",
            ": ping\r\n\r\ndata:{\"choices\":[{\r\ndata: \"text\":\"a\"}]}\r\n\r\nid: 7\r\ndata: {\"usage\":\r\n"
                + "data: {\"prompt_tokens\":3}}\r\n\r\n",
            usage(3, NONE, 1),
            1),
        Answer.stream(
            "carriage returns alone",
            "data: {\"choices\":[{\"text\":\"a\"}]}\r\rdata: {\"choices\":[{\"text\":\"b\"}]}\r\r",
            usage(NONE, NONE, 2),
            2),
        Answer.stream(
            "an event that is not JSON spoils no other",
            events("}", "{\"choices\":[{\"text\":\"a\"}]}"),
            usage(NONE, NONE, 1),
            1),
        Answer.stream(
            "a text without a name", events("{\"delta\":\"a\"}", "\"b\""), usage(NONE, NONE, 1), 1),
        Answer.stream("nothing", "", Usage.UNKNOWN, 0));
  }

  private static AnswerReader reader(String type) {
    return AnswerReader.of(new AnswerHead(200, type, null));
  }

  private static void assertReads(AnswerReader reader, Answer answer) {
    assertThat(reader.usage()).isEqualTo(answer.usage());
    assertThat(reader.deltas()).isEqualTo(answer.deltas());
  }

  @ParameterizedTest
  @MethodSource("answers")
  void whatAnAnswerTellsIsFoundWhateverTheBordersOfItsPieces(Answer answer) {
    var bytes = answer.body().getBytes(StandardCharsets.UTF_8);

    var whole = reader(answer.type());
    whole.read(ByteBuffer.wrap(bytes));
    assertReads(whole, answer);

    var byByte = reader(answer.type());
    for (byte b : bytes) {
      byByte.read(ByteBuffer.wrap(new byte[] {b}));
    }
    assertReads(byByte, answer);

    var random = new SplittableRandom(7);
    for (int run = 0; run < 200; run++) {
      var reader = reader(answer.type());
      int at = 0;
      while (at < bytes.length) {
        int length = Math.min(bytes.length - at, random.nextInt(1, 40));
        reader.read(ByteBuffer.wrap(bytes, at, length));
        at += length;
      }
      assertReads(reader, answer);
    }
  }

  /** Events of a stream mostly differ in their text alone, and are not read anew then. */
  @Test
  void eventsThatAreAlikeTellTheSameAsReadByteByByte() {
    var random = new SplittableRandom(11);
    for (int run = 0; run < 2_000; run++) {
      var bytes = randomStream(random).getBytes(StandardCharsets.UTF_8);
      var byByte = reader("text/event-stream");
      for (byte b : bytes) {
        byByte.read(ByteBuffer.wrap(new byte[] {b}));
      }
      var inPieces = reader("text/event-stream");
      int at = 0;
      while (at < bytes.length) {
        int length = Math.min(bytes.length - at, random.nextInt(1, 2 * bytes.length));
        inPieces.read(ByteBuffer.wrap(bytes, at, length));
        at += length;
      }

      assertThat(inPieces.deltas())
          .as(new String(bytes, StandardCharsets.UTF_8))
          .isEqualTo(byByte.deltas());
      assertThat(inPieces.usage()).isEqualTo(byByte.usage());
    }
  }

  private static String randomStream(SplittableRandom random) {
    var templates =
        List.of(
            "data: {'choices':[{'index':0,'delta':{'content':'#'}}]}",
            "data: {'choices':[{'index':0,'delta':{'content':'#','reasoning_content':''}}]}",
            "data: {'choices':[{'index':0,'delta':{'content':'#','reasoning_content':'#'}}]}",
            "data: {'choices':[{'text':'#'}],'usage':{'prompt_tokens':3,'completion_tokens':2}}",
            "data: {'choices':[{'text':'#'}],'usage':{'prompt_tokens':3,'completion_tokens':4}}",
            "data:{'choices':[{'role':'#','text':'x'}]}",
            "event: delta\ndata: {'type':'delta',\ndata: 'delta':'#'}",
            ": '#'",
            "data: [DONE]");
    var texts =
        List.of(
            " a",
            "b",
            "",
            "\\'",
            "\\\\",
            "'",
            "\u00e9",
            "\n",
            "\r\n",
            "\\\n",
            "}",
            "x'}]}\n\ndata: {'",
            "#");
    var ends = List.of("\n\n", "\n\n", "\n\n", "\n\n\n", "\r\n\r\n", "\r\r", "\n");
    var stream = new StringBuilder();
    var template = templates.getFirst();
    for (int event = random.nextInt(12); event >= 0; event--) {
      if (random.nextInt(4) == 0) {
        template = any(templates, random);
      }
      stream.append(template.replace("#", any(texts, random))).append(any(ends, random));
    }
    return stream.toString().replace('\'', '"');
  }

  private static String any(List<String> of, SplittableRandom random) {
    // The first ones are what there is most of.
    return of.get(Math.min(random.nextInt(of.size()), random.nextInt(of.size())));
  }

  @Test
  void aPieceStaysAsItIs() {
    var piece =
        ByteBuffer.wrap("{\"usage\":{\"prompt_tokens\":3}}".getBytes(StandardCharsets.UTF_8))
            .position(0);

    reader("application/json").read(piece.asReadOnlyBuffer());

    assertThat(piece.position()).isZero();
  }

  /** An answer, and who says that it answered. */
  record Answering(String name, String type, String body, @Nullable String model) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Answering> answering() {
    var json = "application/json";
    var stream = "text/event-stream";
    return List.of(
        new Answering("of the root", json, "{\"id\":\"x\",\"model\":\"a/b-1\"}", "a/b-1"),
        new Answering(
            "of the response",
            stream,
            events("{\"type\":\"response.created\",\"response\":{\"model\":\"m\"}}"),
            "m"),
        new Answering(
            "of the message",
            stream,
            events("{\"message\":{\"role\":\"assistant\",\"model\":\"m\"}}", "{\"model\":\"n\"}"),
            "m"),
        new Answering(
            "of each event", stream, events("{\"model\":\"m\"}", "{\"model\":\"m\"}"), "m"),
        new Answering("somewhere else", json, "{\"choices\":[{\"model\":\"m\"}]}", null),
        new Answering("as a text", json, "{\"content\":\"model\",\"x\":\"m\"}", null),
        new Answering("no text", json, "{\"model\":7}", null),
        new Answering("with an escape", json, "{\"model\":\"a\\u0062\"}", null),
        new Answering("too long", json, "{\"model\":\"" + "m".repeat(513) + "\"}", null),
        new Answering("empty", json, "{\"model\":\"\"}", null),
        new Answering("nobody", json, "{}", null));
  }

  @ParameterizedTest
  @MethodSource("answering")
  void whoAnswersIsRememberedWhereItIsAskedFor(Answering row) {
    var piece = ByteBuffer.wrap(row.body().getBytes(StandardCharsets.UTF_8));
    var asked = reader(row.type());
    asked.nameModel();
    asked.read(piece);
    var unasked = reader(row.type());
    unasked.read(piece);

    assertThat(asked.model()).isEqualTo(row.model());
    assertThat(unasked.model()).isNull();
  }

  @Test
  void ofAModelInTwoPiecesNothingIsSaidRatherThanAPart() {
    var reader = reader("application/json");
    reader.nameModel();
    reader.read(ByteBuffer.wrap("{\"model\":\"lla".getBytes(StandardCharsets.UTF_8)));
    reader.read(ByteBuffer.wrap("ma-3\"}".getBytes(StandardCharsets.UTF_8)));

    assertThat(reader.model()).isNull();
  }

  /** A head and whether its body is read. */
  record Head(String name, AnswerHead head, boolean read) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Head head(
      String name, int status, @Nullable String type, @Nullable String encoding, Reads reads) {
    return new Head(name, new AnswerHead(status, type, encoding), reads == Reads.YES);
  }

  enum Reads {
    YES,
    NO
  }

  static List<Head> heads() {
    return List.of(
        head("JSON", 200, "application/json", null, Reads.YES),
        head(
            "JSON with parameters, in capitals",
            201,
            "Application/JSON; charset=utf-8",
            "",
            Reads.YES),
        head("encoded as itself", 200, "application/json", "identity", Reads.YES),
        head("compressed", 200, "application/json", "gzip", Reads.NO),
        head("an error", 500, "application/json", null, Reads.NO),
        head("refused", 404, "application/json", null, Reads.NO),
        head("another type", 200, "audio/mpeg", null, Reads.NO),
        head("a type that begins like it", 200, "application/jsonl", null, Reads.NO),
        head("no type", 200, null, null, Reads.NO));
  }

  @ParameterizedTest
  @MethodSource("heads")
  void onlyWhatCanBeReadIsRead(Head row) {
    var reader = AnswerReader.of(row.head());
    reader.read(
        ByteBuffer.wrap("{\"usage\":{\"prompt_tokens\":3}}".getBytes(StandardCharsets.UTF_8)));

    assertThat(reader.usage()).isEqualTo(row.read() ? usage(3, NONE, 0) : Usage.UNKNOWN);
  }
}
