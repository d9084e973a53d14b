package io.signalbox.benchmarks.quality;

import io.signalbox.benchmarks.quality.Talk.Style;
import io.signalbox.benchmarks.quality.Talk.Style.Range;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A traffic and the engines it goes to.
 *
 * @param name in tables and on the command line
 * @param about what it is like, in a sentence
 * @param traffic made from a seed, anew for each run
 */
record Scenario(String name, String about, SimulatedFleet fleet, LongFunction<Traffic> traffic) {
  private static final int NO_END = Integer.MAX_VALUE;

  /** What is made here, each of this length, for so many engines. */
  static List<Scenario> all(int engines, Duration length) {
    var even = SimulatedFleet.even(engines);
    long end = length.toNanos();
    return List.of(
        new Scenario(
            "chat",
            "30 users for each engine, closed loop: conversations of 2 to 9 turns under one of six"
                + " system prompts of 1,000 to 3,000 tokens, 8 s between an answer and the next turn",
            even,
            seed -> chat(new SplittableRandom(seed), 30 * engines, end)),
        new Scenario(
            "documents",
            "readers arrive, each with one of ten documents for each engine (4,000 to 16,000 tokens,"
                + " some read much more than others), and ask 3 to 7 questions",
            even,
            seed -> documents(new SplittableRandom(seed), engines, end)),
        new Scenario(
            "bursts",
            "few single requests under one of four system prompts of 1,000 tokens, and every 20 s ten"
                + " for each engine within half a second",
            even,
            seed -> bursts(new SplittableRandom(seed), engines, end)),
        new Scenario(
            "mixed",
            "single requests that share nothing: three in four short, one in twenty of 6,000 to"
                + " 20,000 tokens; answers of 20 to 800 tokens",
            even,
            seed ->
                mixed(new SplittableRandom(seed), Duration.ofMillis(480).dividedBy(engines), end)),
        new Scenario(
            "uneven",
            "the same more seldom, and a quarter of the engines is three times as slow",
            SimulatedFleet.uneven(engines, 3),
            seed ->
                mixed(new SplittableRandom(seed), Duration.ofMillis(720).dividedBy(engines), end)));
  }

  /** The beginning of a trace, for so many engines. */
  static Scenario of(List<TraceRequest> trace, int engines, Duration length) {
    return new Scenario(
        "trace",
        "the requests of a trace, each at its time",
        SimulatedFleet.even(engines),
        seed -> TraceTraffic.of(trace, length, seed));
  }

  /** The same, with so many blocks of KV cache at each engine. */
  Scenario withKvBlocks(int blocks) {
    return new Scenario(name, about, fleet.withKvBlocks(blocks), traffic);
  }

  private static List<String> texts(SplittableRandom random, int count, int shortest, int longest) {
    return Stream.generate(() -> PromptText.of(random, random.nextInt(shortest, longest + 1)))
        .limit(count)
        .toList();
  }

  private static Traffic chat(SplittableRandom random, int users, long endNanos) {
    var systems = texts(random, 6, 1_000, 3_000);
    var style =
        new Style(2, 9, Duration.ofSeconds(8), new Range(20, 300), new Range(50, 400), NO_END);
    var clients =
        IntStream.range(0, users)
            .mapToObj(user -> {
              var own = random.split();
              Iterator<Turn> talk =
                  new Talk(own, () -> systems.get(own.nextInt(systems.size())), style);
              return new Client("user-" + user, 0, talk);
            })
            .toList();
    return new Traffic(clients, endNanos);
  }

  private static Traffic documents(SplittableRandom random, int engines, long endNanos) {
    var documents = texts(random, 10 * engines, 4_000, 16_000);
    var style = new Style(3, 7, Duration.ofSeconds(5), new Range(10, 60), new Range(60, 200), 1);
    return new Arrivals(random, endNanos)
        .every(
            Duration.ofMillis(6_400).dividedBy(engines),
            () -> {
              var document = documents.get(Distributions.zipf(random, documents.size()));
              return new Talk(random.split(), () -> document, style);
            })
        .traffic();
  }

  private static Traffic bursts(SplittableRandom random, int engines, long endNanos) {
    var systems = texts(random, 4, 1_000, 1_000);
    return new Arrivals(random, endNanos)
        .every(
            Duration.ofSeconds(2).dividedBy(engines),
            () -> List.of(single(random, systems)).iterator())
        .bursts(
            Duration.ofSeconds(20),
            10 * engines,
            Duration.ofMillis(500),
            () -> single(random, systems))
        .traffic();
  }

  private static Turn single(SplittableRandom random, List<String> systems) {
    return new Turn(
        0,
        Optional.of(systems.get(random.nextInt(systems.size()))),
        PromptText.of(random, Distributions.length(random, 50, 800)),
        Distributions.length(random, 40, 200));
  }

  private static Traffic mixed(SplittableRandom random, Duration every, long endNanos) {
    return new Arrivals(random, endNanos)
        .every(
            every,
            () -> {
              int kind = random.nextInt(20);
              int tokens =
                  kind < 15
                      ? Distributions.length(random, 50, 400)
                      : kind < 19
                          ? Distributions.length(random, 500, 3_000)
                          : Distributions.length(random, 6_000, 20_000);
              var turn =
                  new Turn(
                      0,
                      Optional.of(""),
                      PromptText.of(random, tokens),
                      Distributions.length(random, 20, 800));
              return List.of(turn).iterator();
            })
        .traffic();
  }
}
