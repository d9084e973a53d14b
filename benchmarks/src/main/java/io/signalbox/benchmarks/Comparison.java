package io.signalbox.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Several servers under the same load in the same run: first as many exchanges as each can do, then
 * half of what the slowest did. Rounds alternate between the servers, so what else the machine does
 * meets all of them; ratios are made within a round.
 */
final class Comparison {
  private static final Duration WARM_UP = Duration.ofMinutes(2);

  private final List<Subject> subjects;

  /**
   * Of these servers.
   *
   * @param subjects the first is what the others are compared with
   */
  Comparison(List<Subject> subjects) {
    this.subjects = List.copyOf(subjects);
  }

  /** Warms up and measures. */
  Result run(String title, RunOptions options) {
    for (var subject : subjects) {
      System.err.println(
          title + ": warming up " + subject.name() + ", pid " + subject.server().pid());
      subject.warmUp(options.warmUp(subject.server()), WARM_UP);
      if (subject.load().tally().errors() > 0) {
        throw new IllegalStateException(title + ": " + subject.name() + " failed in the warm-up");
      }
    }
    System.err.println(title + ": as many as there can be");
    var most = rounds(options, Double.POSITIVE_INFINITY);
    if (subjects.getFirst().load().paced()) {
      return result(title, most, List.of());
    }
    double half = half(most);
    System.err.printf(Locale.ROOT, "%s: %.0f a second%n", title, half);
    return result(title, most, rounds(options, half));
  }

  /** Half of what the slowest does. */
  private static double half(List<List<Round>> most) {
    return most.stream()
            .mapToDouble(rounds -> Round.median(rounds, Round::perSecond))
            .min()
            .orElseThrow()
        / 2;
  }

  /** The rounds of each server. */
  private List<List<Round>> rounds(RunOptions options, double perSecond) {
    var all = subjects.stream().map(subject -> (List<Round>) new ArrayList<Round>()).toList();
    for (int round = 0; round < options.rounds(); round++) {
      for (int turn = 0; turn < subjects.size(); turn++) {
        // Everyone comes first once.
        int i = (turn + round) % subjects.size();
        all.get(i).add(subjects.get(i).measure(Duration.ofSeconds(options.seconds()), perSecond));
      }
    }
    return all;
  }

  private Result result(String title, List<List<Round>> most, List<List<Round>> half) {
    return new Result(
        title,
        IntStream.range(0, subjects.size())
            .mapToObj(i ->
                new Result.Row(
                    subjects.get(i).name(),
                    Round.median(most.get(i), Round::cpuMicros),
                    Round.median(most.get(i), Round::collectingMicros),
                    ratio(most, i, Round::cpuMicros),
                    Round.median(most.get(i), Round::perSecond),
                    Round.median(most.get(i), Round::p50Millis),
                    Round.median(most.get(i), Round::p99Millis),
                    half.isEmpty() ? Double.NaN : Round.median(half.get(i), Round::p99Millis),
                    half.isEmpty() ? Double.NaN : ratio(half, i, Round::p99Millis),
                    subjects.get(i).server().residentMebibytes(),
                    subjects.get(i).load().tally().errors()))
            .toList());
  }

  /** What a server takes against the first one, within each round. */
  private static double ratio(List<List<Round>> rounds, int i, ToDoubleFunction<Round> value) {
    return Round.median(
        IntStream.range(0, rounds.get(i).size())
            .mapToDouble(round ->
                value.applyAsDouble(rounds.get(i).get(round))
                    / value.applyAsDouble(rounds.getFirst().get(round)))
            .toArray());
  }
}
