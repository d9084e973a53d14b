package io.signalbox.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "prefix",
    mixinStandardHelpOptions = true,
    description = "The prefix index: lookups of 2,000 blocks beside learning, and its memory.")
final class PrefixCommand implements Callable<Integer> {
  private static final List<Integer> ENDPOINTS = List.of(1, 8, 64);
  private static final int BATCH = 64;

  @Mixin private final RunOptions options = new RunOptions();

  /** What one side of a round did. */
  private record Work(long blocks, long calls, double seconds) {
    double micros() {
      return seconds * 1e6 / calls;
    }

    double megaBlocksPerSecond() {
      return blocks / seconds / 1e6;
    }
  }

  @Override
  public Integer call() throws Exception {
    System.out.println(
        "| endpoints | bytes for a block | lookup us, alone | lookup us, beside learning |"
            + " looked up M blocks/s | learned M blocks/s |\n|---|---|---|---|---|---|");
    for (int endpoints : ENDPOINTS) {
      measure(endpoints);
    }
    return 0;
  }

  private void measure(int endpoints) throws Exception {
    var trace = new PrefixTrace(endpoints);
    var warm = new PrefixRig(PrefixTrace.CONFIG, endpoints);
    trace.turns().forEach(turn -> warm.lookUp(turn.request()));
    long before = heapBytes();
    var rig = new PrefixRig(PrefixTrace.CONFIG, endpoints);
    trace.turns().forEach(turn -> rig.learn(turn.request(), turn.endpoint()));
    double bytes = (heapBytes() - before) / rig.blocks();
    @Nullable Work alone = null;
    @Nullable Work beside = null;
    @Nullable Work learned = null;
    for (int round = 0; round < options.rounds(); round++) {
      alone = lookUp(rig, trace, Duration.ofSeconds(options.seconds()));
      var over = new AtomicBoolean();
      try (var threads = Executors.newSingleThreadExecutor()) {
        var learning = threads.submit(() -> learn(rig, trace, over));
        beside = lookUp(rig, trace, Duration.ofSeconds(options.seconds()));
        over.set(true);
        learned = learning.get();
      }
    }
    if (alone != null && beside != null && learned != null) {
      System.out.printf(
          Locale.ROOT,
          "| %d | %.1f | %.2f | %.2f | %.0f | %.1f |%n",
          endpoints,
          bytes,
          alone.micros(),
          beside.micros(),
          beside.megaBlocksPerSecond(),
          learned.megaBlocksPerSecond());
    }
  }

  private static Work lookUp(PrefixRig rig, PrefixTrace trace, Duration time) {
    var longest = trace.turns().stream().filter(PrefixTrace.Turn::last).toList();
    var random = new SplittableRandom(2);
    long start = System.nanoTime();
    long calls = 0;
    double cached = 0;
    while (System.nanoTime() - start < time.toNanos()) {
      for (int i = 0; i < BATCH; i++) {
        cached += rig.lookUp(longest.get(random.nextInt(longest.size())).request());
      }
      calls += BATCH;
    }
    if (cached < 0) {
      throw new IllegalStateException("fewer tokens than none");
    }
    return new Work(calls * PrefixTrace.LONGEST, calls, (System.nanoTime() - start) / 1e9);
  }

  /** Everything again and again, in another order each time. */
  private static Work learn(PrefixRig rig, PrefixTrace trace, AtomicBoolean over) {
    var random = new SplittableRandom(3);
    long start = System.nanoTime();
    long calls = 0;
    long blocks = 0;
    while (!over.get()) {
      var turn = trace.turns().get(random.nextInt(trace.turns().size()));
      rig.learn(turn.request(), turn.endpoint());
      calls++;
      blocks += turn.request().prompt().length() / PrefixTrace.CONFIG.blockBytes();
    }
    return new Work(blocks, calls, (System.nanoTime() - start) / 1e9);
  }

  /** The heap in use after garbage collection. */
  static long heapBytes() {
    var runtime = Runtime.getRuntime();
    for (int i = 0; i < 5; i++) {
      System.gc();
      Pause.of(Duration.ofMillis(50));
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
