package io.signalbox.benchmarks.quality;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;

/** All chains under all traffics. */
final class ChainComparison {
  private final List<Scenario> scenarios;
  private final List<Contender> contenders;
  private final long[] seeds;

  /**
   * A comparison that is to be made.
   *
   * @param seeds how many traffics are made of each scenario; each chain meets the same
   */
  ChainComparison(List<Scenario> scenarios, List<Contender> contenders, int seeds) {
    this.scenarios = List.copyOf(scenarios);
    this.contenders = List.copyOf(contenders);
    this.seeds = LongStream.rangeClosed(1, seeds).toArray();
  }

  /** Runs everything on so many threads, which changes nothing but how long it takes. */
  List<ScenarioResult> run(int threads) throws InterruptedException, ExecutionException {
    try (var pool = Executors.newFixedThreadPool(threads)) {
      var under = new ArrayList<Future<ScenarioResult.Row>>();
      for (var scenario : scenarios) {
        for (var contender : contenders) {
          Callable<ScenarioResult.Row> work = () -> row(scenario, contender);
          under.add(pool.submit(work));
        }
      }
      var rows = under.iterator();
      var results = new ArrayList<ScenarioResult>();
      for (var scenario : scenarios) {
        var its = new ArrayList<ScenarioResult.Row>();
        for (int i = 0; i < contenders.size(); i++) {
          its.add(rows.next().get());
        }
        System.err.println("quality: " + scenario.name() + " done");
        results.add(new ScenarioResult(scenario, its));
      }
      return results;
    }
  }

  private ScenarioResult.Row row(Scenario scenario, Contender contender) {
    var outcomes =
        LongStream.of(seeds)
            .mapToObj(seed ->
                new Simulation(
                        scenario.fleet(), contender.chain(), scenario.traffic().apply(seed), seed)
                    .run())
            .toList();
    return new ScenarioResult.Row(contender, outcomes);
  }
}
