package io.signalbox.host.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.Completion;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.ExchangeObserver;
import io.signalbox.sdk.Filter;
import io.signalbox.sdk.Picker;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Scorer;
import io.signalbox.sdk.Signal;
import io.signalbox.sdk.Strategy;
import io.signalbox.sdk.StrategyFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said about an answer, as expected or not. */
class CaseRunnerTest {
  @TempDir private Path folder;

  /**
   * Scores are what waits; infinite for a request of user {@code infinite}, an error for {@code
   * broken}.
   */
  private static final class Waiting implements Scorer {
    @Override
    public Direction prefers() {
      return Direction.LOWER;
    }

    @Override
    public void score(RouteRequest request, Candidates candidates, double[] scores) {
      if ("broken".equals(request.user())) {
        throw new IllegalStateException("out of order");
      }
      System.arraycopy(candidates.column(Signal.WAITING), 0, scores, 0, candidates.size());
      if ("infinite".equals(request.user())) {
        scores[0] = Double.POSITIVE_INFINITY;
      }
    }
  }

  /** Keeps who has not failed. */
  private static final class Healthy implements Filter, ExchangeObserver {
    private String failed = "";

    @Override
    public void filter(RouteRequest request, Candidates candidates, boolean[] keep) {
      for (int i = 0; i < candidates.size(); i++) {
        keep[i] = !candidates.endpoint(i).address().equals(failed);
      }
    }

    @Override
    public void onFailed(RouteRequest request, Endpoint endpoint) {
      failed = endpoint.address();
    }

    @Override
    public void onCompleted(RouteRequest request, Endpoint endpoint, Completion completion) {
      if (completion.status() != 200) {
        throw new IllegalStateException("status " + completion.status());
      }
    }
  }

  /** Chooses the index that the request's user is. */
  private static final class AsTold implements Picker {
    @Override
    public int pick(RouteRequest request, Candidates candidates) {
      return Integer.parseInt(String.valueOf(request.user()));
    }
  }

  private static Strategy create(String id) {
    return switch (id) {
      case "waiting" -> new Waiting();
      case "healthy" -> new Healthy();
      default -> new AsTold();
    };
  }

  /**
   * Steps put to a strategy on three endpoints, a, b and c.
   *
   * @param said what is said of them, a line each; empty where all is as expected
   */
  record Row(String name, String strategy, String steps, String said) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Row> rows() {
    return List.of(
        new Row("scores", "waiting", "{'expect': {'scores': [2, 1, null]}}", ""),
        new Row(
            "a wrong score",
            "waiting",
            "{'expect': {'scores': [2, 0, null]}}",
            "scores\n  a  expected 2\n  b  expected 0, was 1\n  c  expected unknown"),
        new Row(
            "unknown is not 0",
            "waiting",
            "{'expect': {'scores': [2, 1, 0]}}",
            "scores\n  a  expected 2\n  b  expected 1\n  c  expected 0, was unknown"),
        new Row(
            "an infinite score is unknown",
            "waiting",
            "{'request': {'user': 'infinite'}, 'expect': {'scores': [null, 1, null]}}",
            ""),
        new Row("the best", "waiting", "{'expect': {'best': 'b'}}", ""),
        new Row(
            "another best", "waiting", "{'expect': {'best': ['a']}}", "best: expected a, was b"),
        new Row(
            "nobody is best",
            "waiting",
            "{'candidates': ['c'], 'expect': {'best': [], 'scores': [null]}}",
            ""),
        new Row(
            "scores in the order of the candidates named",
            "waiting",
            "{'candidates': ['b', 'a'], 'expect': {'scores': [1, 2]}}",
            ""),
        new Row(
            "what a scorer does not do",
            "waiting",
            "{'expect': {'keep': ['a']}}",
            "expected keep, but waiting is a scorer"),
        new Row(
            "an error",
            "waiting",
            "{'request': {'user': 'broken'}, 'expect': {'error': 'of order'}}",
            ""),
        new Row(
            "another error",
            "waiting",
            "{'request': {'user': 'broken'}, 'expect': {'error': 'on fire'}}",
            "expected an error with \"on fire\", was: out of order"),
        new Row(
            "an error that nobody expects",
            "waiting",
            "{'request': {'user': 'broken'}, 'expect': {'best': 'a'}}",
            "expected best, failed: out of order"),
        new Row(
            "an answer instead of an error",
            "waiting",
            "{'expect': {'error': 'on fire'}}",
            "expected an error with \"on fire\", was scores a 2, b 1, c unknown"),
        new Row("who stays", "healthy", "{'expect': {'keep': ['a', 'b', 'c']}}", ""),
        new Row(
            "who stays, seen otherwise",
            "healthy",
            "{'expect': {'keep': []}}",
            "keep: expected none, was a, b, c"),
        new Row(
            "what happened before",
            "healthy",
            "{'event': 'failed', 'endpoint': 'b'}, {'expect': {'keep': ['a', 'c']}}",
            ""),
        new Row(
            "a step is named",
            "healthy",
            "{'event': 'failed', 'endpoint': 'b'}, {'expect': {'keep': ['a']}}",
            "step 2: keep: expected a, was a, c"),
        new Row(
            "an observer that fails",
            "healthy",
            "{'event': 'completed', 'endpoint': 'b', 'status': 503}, {'expect': {'keep': ['a', 'b', 'c']}}",
            "step 1: failed: status 503"),
        new Row(
            "a reload forgets what nobody saved",
            "healthy",
            "{'event': 'failed', 'endpoint': 'b'}, {'event': 'reload'}, {'expect': {'keep': ['a', 'b', 'c']}}",
            ""),
        new Row(
            "events that nobody observes",
            "as-told",
            "{'event': 'reserved', 'endpoint': 'b'}, {'request': {'user': '0'}, 'expect': {'pick': 'a'}}",
            ""),
        new Row(
            "another pick",
            "as-told",
            "{'request': {'user': '2'}, 'expect': {'pick': 'b'}}",
            "pick: expected b, was c"),
        new Row(
            "the index counts candidates, not endpoints",
            "as-told",
            "{'request': {'user': '1'}, 'candidates': ['a', 'c'], 'expect': {'pick': 'c'}}",
            ""),
        new Row(
            "no choice", "as-told", "{'request': {'user': '-1'}, 'expect': {'pick': null}}", ""),
        new Row(
            "an index out of range",
            "as-told",
            "{'request': {'user': '3'}, 'expect': {'pick': 'a'}}",
            "pick: expected a, was index 3 of 3"));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void saysWhatIsNotAsExpected(Row row) throws IOException {
    var file = Files.writeString(folder.resolve("cases.json"), json(row));
    var runner =
        new CaseRunner(
            JavaSubject.of(() ->
                StrategyFactory.of(
                    row.strategy(), Set.of(), List.of(), _ -> create(row.strategy()))));

    var said = runner.run(CaseFile.read(file).cases().getFirst());

    assertThat(letters(String.join("\n", said))).isEqualTo(row.said());
  }

  private static String json(Row row) {
    var json =
        """
        {'strategy': '%s', 'cases': [{
          'name': 'n',
          'endpoints': [
            {'address': 'a', 'signals': {'waiting': 2}},
            {'address': 'b', 'signals': {'waiting': 1}},
            {'address': 'c'}],
          'steps': [%s]}]}
        """
            .formatted(row.strategy(), row.steps());
    return json.replaceAll("'([abc])'", "'10.0.0.$1:80'")
        .replace(".a:", ".1:")
        .replace(".b:", ".2:")
        .replace(".c:", ".3:")
        .replace('\'', '"');
  }

  private static String letters(String said) {
    return said.replace("10.0.0.1:80", "a").replace("10.0.0.2:80", "b").replace("10.0.0.3:80", "c");
  }
}
