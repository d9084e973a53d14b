package io.signalbox.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Several servers under the same load in the same run. Rounds alternate between them, so what else
 * the machine does meets all of them; ratios are made within a round.
 */
final class Comparison {
  private static final Duration WARM_UP = Duration.ofMinutes(2);

  private final List<Subject> subjects;
  private final List<List<Round>> rounds = new ArrayList<>();

  /**
   * Of these servers.
   *
   * @param subjects the first is what the others are compared with
   */
  Comparison(List<Subject> subjects) {
    this.subjects = List.copyOf(subjects);
    subjects.forEach(subject -> rounds.add(new ArrayList<>()));
  }

  /** Warms up, measures, and returns a Markdown table. */
  String run(String title, RunOptions options) {
    for (var subject : subjects) {
      System.err.println(
          title + ": warming up " + subject.name() + ", pid " + subject.server().pid());
      subject.warmUp(options.warmUp(), WARM_UP);
      if (subject.load().tally().errors() > 0) {
        throw new IllegalStateException(title + ": " + subject.name() + " failed in the warm-up");
      }
    }
    for (int round = 0; round < options.rounds(); round++) {
      System.err.println(title + ": round " + (round + 1) + " of " + options.rounds());
      for (int turn = 0; turn < subjects.size(); turn++) {
        // Everyone comes first once.
        int i = (turn + round) % subjects.size();
        rounds.get(i).add(subjects.get(i).measure(Duration.ofSeconds(options.seconds())));
      }
    }
    return table(title);
  }

  private String table(String title) {
    var table = new StringBuilder();
    table
        .append("| ")
        .append(title)
        .append(" | CPU us each | ratio | each/s | p50 ms | p99 ms | RSS MiB | errors |\n")
        .append("|---|---|---|---|---|---|---|---|\n");
    for (int i = 0; i < subjects.size(); i++) {
      table.append(row(i));
    }
    return table.toString();
  }

  private String row(int i) {
    var own = rounds.get(i);
    long errors = subjects.get(i).load().tally().errors();
    return String.format(
        Locale.ROOT,
        "| %s | %.1f | %.2f | %.0f | %.2f | %.2f | %d | %s |%n",
        subjects.get(i).name(),
        Round.median(own, Round::cpuMicros),
        ratio(i),
        Round.median(own, Round::perSecond),
        Round.median(own, Round::p50Millis),
        Round.median(own, Round::p99Millis),
        subjects.get(i).server().residentMebibytes(),
        errors == 0 ? "0" : errors + " INVALID");
  }

  private double ratio(int i) {
    return Round.median(
        IntStream.range(0, rounds.get(i).size())
            .mapToDouble(round ->
                rounds.get(i).get(round).cpuMicros() / rounds.get(0).get(round).cpuMicros())
            .toArray());
  }
}
