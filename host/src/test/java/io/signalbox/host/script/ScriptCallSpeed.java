package io.signalbox.host.script;

import io.signalbox.host.strategy.TableCandidates;
import io.signalbox.sdk.Parameters;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Signal;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What one call of a script costs on this thread, beside its twin in Java: the shortest and the
 * middle one of many batches, in nanoseconds. Says something only in a JVM started with the
 * compiler's flags.
 *
 * <p>Arguments: how many endpoints, how many seconds for each row.
 */
final class ScriptCallSpeed {
  private static final int BATCH = 1_000;

  private ScriptCallSpeed() {}

  private interface Call {
    void run();
  }

  /** Prints a row for each way to score. */
  public static void main(String[] arguments) {
    int size = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 64;
    long seconds = arguments.length > 1 ? Long.parseLong(arguments[1]) : 10;
    var fleet =
        new ScriptedFleet("m", size)
            .with(Signal.WAITING, row -> row % 7)
            .with(Signal.KV_CACHE_USAGE, row -> (row % 10) / 10.0);
    System.err.println(Scripts.RUNTIME.report());
    var all = new ArrayCandidates(fleet.all());
    var scores = new double[size];
    measure("java twin", seconds, () -> twin(all, scores));
    for (var file : List.of("contract.mjs", "contract.py")) {
      for (var id :
          arguments.length > 2
              ? List.of(arguments).subList(2, arguments.length)
              : List.of("one", "all", "in-flight", "no-arguments")) {
        try (var script = Scripts.resource(file)) {
          measure(file + " " + id, seconds, call(script, id, all, scores, fleet));
        }
      }
    }
  }

  private static Call call(
      Script script, String id, TableCandidates candidates, double[] scores, ScriptedFleet fleet) {
    var strategy =
        script.strategies().stream()
            .filter(one -> one.description().id().equals(id))
            .findFirst()
            .orElseThrow();
    var parameters = Parameters.of(strategy.description().parameters(), Map.of());
    RouteRequest request = ScriptedRequest.PLAIN;
    return () -> {
      fleet.inFlight[0]++;
      strategy.score(request, candidates, parameters, scores);
    };
  }

  private static void twin(TableCandidates candidates, double[] scores) {
    var table = candidates.table();
    for (int i = 0; i < candidates.size(); i++) {
      int row = candidates.row(i);
      scores[i] = table.value(Signal.WAITING, row) + 4 * table.value(Signal.KV_CACHE_USAGE, row);
    }
  }

  /** Of this thread's processor time, so that others on the machine count less. */
  private static void measure(String name, long seconds, Call call) {
    var threads = ManagementFactory.getThreadMXBean();
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    var batches = new double[100_000];
    int count = 0;
    while (System.nanoTime() < until) {
      long start = threads.getCurrentThreadCpuTime();
      for (int i = 0; i < BATCH; i++) {
        call.run();
      }
      batches[count++ % batches.length] =
          (threads.getCurrentThreadCpuTime() - start) / (double) BATCH;
    }
    int last = Math.min(count, batches.length);
    var recent = Arrays.copyOfRange(batches, last / 2, last);
    Arrays.sort(recent);
    System.err.printf(
        Locale.ROOT,
        "%-28s best %8.0f ns, median %8.0f ns, of %d batches%n",
        name,
        recent[0],
        recent[recent.length / 2],
        count);
  }

  /** As the host's: row by array. */
  private record ArrayCandidates(TableCandidates of) implements TableCandidates {
    @Override
    public io.signalbox.host.strategy.EndpointTable table() {
      return of.table();
    }

    @Override
    public int row(int index) {
      return index;
    }

    @Override
    public int size() {
      return of.table().size();
    }

    @Override
    public io.signalbox.sdk.Endpoint endpoint(int index) {
      return of.table().endpoint(index);
    }

    @Override
    public double[] column(Signal signal) {
      return of.column(signal);
    }
  }
}
