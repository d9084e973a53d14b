package io.signalbox.host.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a file of cases may say, and what is said where it says something else. */
class CaseFileTest {
  @TempDir private Path folder;

  /** A file with a mistake; quotes are single ones. */
  record Mistake(String name, String json, String message) {
    /** A mistake in the members of the only case. */
    static Mistake inCase(String name, String members, String message) {
      return new Mistake(
          name, "{'strategy': 's', 'cases': [{'name': 'n', " + members + "}]}", message);
    }

    /** A mistake in what is expected of two endpoints. */
    static Mistake inExpect(String name, String expect, String message) {
      return inCase(
          name,
          "'endpoints': [{'address': '10.0.0.1:80'}, {'address': '10.0.0.2:80'}], 'expect': {"
              + expect
              + "}",
          message);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static List<Mistake> mistakes() {
    var endpoints = "'endpoints': [{'address': '10.0.0.1:80'}]";
    var expect = "'expect': {'scores': [1]}";
    var both = endpoints + ", " + expect;
    return List.of(
        new Mistake("no JSON", "{'strategy'", "is not a JSON object"),
        new Mistake("no cases", "{'strategy': 's'}", "cases: must have at least one case"),
        new Mistake(
            "no strategy", "{'cases': [{'name': 'n', " + both + "}]}", "strategy: must be a text"),
        new Mistake(
            "a member nobody knows",
            "{'case': []}",
            "case: is unknown; known here: cases, strategy"),
        new Mistake(
            "two names",
            "{'strategy': 's', 'cases': [{'name': 'n', "
                + both
                + "}, {'name': 'n', "
                + both
                + "}]}",
            "cases: two have the name \"n\""),
        Mistake.inCase(
            "neither expectation nor steps",
            endpoints,
            "cases[0]: must have either \"expect\" or \"steps\""),
        Mistake.inCase(
            "no steps", endpoints + ", 'steps': []", "cases[0].steps: must have at least one step"),
        Mistake.inCase(
            "no endpoints", expect, "cases[0].endpoints: must have at least one endpoint"),
        Mistake.inCase(
            "an endpoint twice",
            "'endpoints': [{'address': '10.0.0.1:80'}, {'address': '10.0.0.1:80'}], " + expect,
            "cases[0].endpoints[1].address: is there twice: 10.0.0.1:80"),
        Mistake.inCase(
            "an address without a port",
            "'endpoints': [{'address': '10.0.0.1'}], " + expect,
            "cases[0].endpoints[0].address: must be ip:port, not \"10.0.0.1\""),
        Mistake.inCase(
            "a port out of range",
            "'endpoints': [{'address': '10.0.0.1:65536'}], " + expect,
            "cases[0].endpoints[0].address: must be ip:port, not \"10.0.0.1:65536\""),
        Mistake.inCase(
            "a signal nobody knows",
            "'endpoints': [{'address': '10.0.0.1:80', 'signals': {'waitin': 1}}], " + expect,
            "cases[0].endpoints[0].signals.waitin: is unknown; known here: "),
        Mistake.inCase(
            "a signal that is a text",
            "'endpoints': [{'address': '10.0.0.1:80', 'signals': {'waiting': '1'}}], " + expect,
            "cases[0].endpoints[0].signals.waiting: must be a number, or null for unknown, not 1"),
        Mistake.inCase(
            "a label that is no text",
            "'endpoints': [{'address': '10.0.0.1:80', 'labels': {'spot': true}}], " + expect,
            "cases[0].endpoints[0].labels.spot: must be a text, not true"),
        Mistake.inCase(
            "a parameter that is a list",
            "'params': {'a': []}, " + both,
            "cases[0].params.a: must be a text or a number, not []"),
        Mistake.inCase(
            "a request's member nobody knows",
            "'request': {'usr': 'a'}, " + both,
            "cases[0].request.usr: is unknown; known here: body, headers,"),
        Mistake.inCase(
            "a prompt and its length",
            "'request': {'prompt': 'a', 'promptTokens': 1}, " + both,
            "cases[0].request.promptTokens: cannot stand beside \"prompt\""),
        Mistake.inCase(
            "half a token",
            "'request': {'promptTokens': 0.5}, " + both,
            "cases[0].request.promptTokens: must be an integer from 0 to 10000000"),
        Mistake.inCase(
            "a body and a user",
            "'request': {'body': {'model': 'm'}, 'user': 'a'}, " + both,
            "cases[0].request.body: stands for all but the headers"),
        Mistake.inCase(
            "a body without a model",
            "'request': {'body': {}}, " + both,
            "cases[0].request.body: the body must have a member \"model\""),
        Mistake.inCase(
            "a candidate that is no endpoint",
            "'candidates': ['10.0.0.9:80'], " + both,
            "cases[0].candidates: \"10.0.0.9:80\" is none of the endpoints' addresses"),
        Mistake.inCase(
            "an event nobody knows",
            endpoints + ", 'steps': [{'event': 'done', 'endpoint': '10.0.0.1:80'}]",
            "cases[0].steps[0].event: must be reserved, firstToken, completed, failed, cancelled or reload, not done"),
        Mistake.inCase(
            "an event at no endpoint",
            endpoints + ", 'steps': [{'event': 'failed', 'endpoint': '10.0.0.2:80'}]",
            "cases[0].steps[0].endpoint: \"10.0.0.2:80\" is none of the endpoints' addresses"),
        Mistake.inExpect(
            "nothing expected",
            "",
            "cases[0].expect: must have some of \"scores\", \"best\", \"keep\" and \"pick\", or \"error\" alone"),
        Mistake.inExpect(
            "an error and an answer",
            "'error': 'x', 'keep': []",
            "cases[0].expect: must have some of \"scores\""),
        Mistake.inExpect(
            "too few scores",
            "'scores': [1]",
            "cases[0].expect.scores: must have one number for each of 2 candidates, not 1"),
        Mistake.inExpect(
            "an address nobody has",
            "'keep': ['10.0.0.3:80']",
            "cases[0].expect.keep: \"10.0.0.3:80\" is none of the candidates' addresses"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeIsNamedWithItsPlace(Mistake mistake) throws IOException {
    var file = write(mistake.json());

    assertThatExceptionOfType(CaseException.class)
        .isThrownBy(() -> CaseFile.read(file))
        .withMessageStartingWith("cases.json: " + mistake.message());
  }

  @Test
  void aFileThatIsNotThere() {
    assertThatExceptionOfType(CaseException.class)
        .isThrownBy(() -> CaseFile.read(folder.resolve("none.json")))
        .withMessageStartingWith("none.json: cannot be read");
  }

  /** A request as a case writes it, and what a strategy sees of it. */
  record Seen(String name, String request, String seen) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Seen> requests() {
    return List.of(
        new Seen("nothing said", "", "m null false {} '' NaN null"),
        new Seen("user and model", "'user': 'u', 'model': 'x'", "x u false {} '' NaN null"),
        new Seen("no user", "'user': null", "m null false {} '' NaN null"),
        new Seen("a stream", "'stream': true", "m null true {} '' NaN null"),
        new Seen("a prompt", "'prompt': 'Hello'", "m null false {} 'Hello' 2.0 null"),
        new Seen("the length of a prompt", "'promptTokens': 3", "m null false {} '' 3.0 null"),
        new Seen(
            "headers in any case",
            "'headers': {'X-Session-Id': 's'}",
            "m null false {x-session-id=s} '' NaN s"),
        new Seen(
            "credentials are hidden",
            "'headers': {'authorization': 'Bearer x'}",
            "m null false {} '' NaN null"),
        new Seen(
            "a body",
            "'body': {'model': 'b', 'messages': [{'role': 'user', 'content': 'Hi'}]}",
            "b null false {} 'Hi' 1.0 null"));
  }

  @ParameterizedTest
  @MethodSource("requests")
  void aRequestIsWhatAClientWouldHaveSent(Seen row) throws IOException {
    var file =
        write(
            "{'strategy': 's', 'cases': [{'name': 'n', 'request': {"
                + row.request()
                + "}, 'endpoints': [{'address': '10.0.0.1:80'}], 'expect': {'pick': null}}]}");
    var request = ((Step.Ask) CaseFile.read(file).cases().getFirst().steps().getFirst()).request();

    assertThat(
            "%s %s %s %s '%s' %s %s"
                .formatted(
                    request.model(),
                    request.user(),
                    request.stream(),
                    request.headers(),
                    request.prompt(),
                    request.promptTokens(),
                    request.sessionId()))
        .isEqualTo(row.seen());
  }

  private Path write(String json) throws IOException {
    return Files.writeString(folder.resolve("cases.json"), json.replace('\'', '"'));
  }
}
