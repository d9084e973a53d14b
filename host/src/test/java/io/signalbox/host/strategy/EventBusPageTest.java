package io.signalbox.host.strategy;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.strategy.StageCall.State;
import io.signalbox.sdk.Signal;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code docs/event-bus.md} says of the records is what is read and written. */
class EventBusPageTest {
  static final String PAGE = page();

  private static String page() {
    try {
      return Files.readString(Path.of("..", "docs", "event-bus.md"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String section(String head) {
    int start = PAGE.indexOf("\n## " + head + "\n");
    assertThat(start).as(head).isNotNegative();
    int end = PAGE.indexOf("\n## ", start + 1);
    return PAGE.substring(start, end < 0 ? PAGE.length() : end);
  }

  private static List<JsonObject> examples(String section) {
    return Pattern.compile("```json\n(.*?)```", Pattern.DOTALL)
        .matcher(section(section))
        .results()
        .map(example -> new JsonObject(example.group(1)))
        .toList();
  }

  /** The first cells of the tables of a section, without the code marks. */
  private static List<String> members(String section) {
    return Pattern.compile("(?m)^\\| `([^`]+)` \\|")
        .matcher(section(section))
        .results()
        .map((MatchResult cell) -> cell.group(1))
        .toList();
  }

  @Test
  void theQuestionOfThePageIsReadAndHasEveryMember() {
    var example = examples("The question").getFirst();

    var question = Questions.read(example);

    assertThat(QuestionRecord.write(question, EnumSet.of(Signal.WAITING, Signal.KV_CACHE_USAGE)))
        .isEqualTo(example);
    var names =
        Stream.concat(
            example.fieldNames().stream(),
            example.getJsonObject("request").fieldNames().stream().map(name -> "request." + name));
    assertThat(members("The question"))
        .containsAll(names.filter(name -> !name.equals("request")).toList());
  }

  static List<JsonObject> answers() {
    return examples("The answer");
  }

  @ParameterizedTest
  @MethodSource("answers")
  void theAnswersOfThePageAreRead(JsonObject answer) {
    var kind =
        answer.containsKey("keep")
            ? StrategyKind.FILTER
            : answer.containsKey("pick") ? StrategyKind.PICKER : StrategyKind.SCORER;
    var call = new StageCall(kind, Questions.read(examples("The question").getFirst()), _ -> {});

    AnswerRecord.read(answer, kind, call);

    assertThat(call.state()).isNotEqualTo(State.OPEN);
    assertThat(call.state() == State.FAILED).isEqualTo(answer.containsKey("error"));
  }

  @Test
  void thePageShowsEveryAnswer() {
    assertThat(members("The answer"))
        .containsExactly("v", "scores", "keep", "pick", "pass", "refuse", "error");
    assertThat(answers().stream().flatMap(answer -> answer.fieldNames().stream()).distinct())
        .containsExactlyInAnyOrderElementsOf(members("The answer"));
  }
}
