package io.signalbox.benchmarks;

import io.signalbox.host.kvevents.KvEventsRig;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "kv-events",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "KV events: blocks applied beside lookups of 2,000 blocks, and their memory.")
final class KvEventsCommand implements Callable<Integer> {
  private static final int ENDPOINTS = 8;
  private static final int BATCHES = KvEventsRig.BLOCKS / KvEventsRig.BATCH;

  /** Conversations that stay, and those that come and go: half a million blocks each. */
  private static final int STAYING = 256;

  private static final int CHANGING = 256;

  @Mixin private final RunOptions options = new RunOptions();

  @Option(
      names = "--blocks",
      paramLabel = "N",
      description = "How many blocks to fill an index with for its memory.")
  private int blocks = 10_000_000;

  /** What one side of a round did. */
  private record Told(long blocks, double seconds, double cpuSeconds) {}

  @Override
  public Integer call() throws Exception {
    measureSpeed();
    measureMemory();
    return 0;
  }

  private void measureSpeed() throws Exception {
    var rig = new KvEventsRig(ENDPOINTS, 2_000_000);
    for (int i = 0; i < STAYING; i++) {
      for (int batch = 0; batch < BATCHES; batch++) {
        rig.tell(i % ENDPOINTS, KvEventsRig.stored(i, batch));
      }
    }
    var stored = payloads(true);
    var removed = payloads(false);
    System.out.println(
        "| | blocks/s | blocks for each second of CPU | lookup us p50 | p99 | p99.9 |\n"
            + "|---|---|---|---|---|---|");
    for (int round = 0; round < options.rounds(); round++) {
      var time = Duration.ofSeconds(options.seconds());
      var alone = lookUp(rig, time);
      print("lookups alone", new Told(0, 1, 1), alone);
      var over = new AtomicBoolean();
      try (var threads = Executors.newSingleThreadExecutor()) {
        var telling = threads.submit(() -> tell(rig, stored, removed, over));
        var beside = lookUp(rig, time);
        over.set(true);
        print("both", telling.get(), beside);
      }
    }
  }

  private static List<List<byte[]>> payloads(boolean isStored) {
    return IntStream.range(0, CHANGING)
        .mapToObj(i ->
            IntStream.range(0, BATCHES)
                .mapToObj(batch ->
                    isStored
                        ? KvEventsRig.stored(STAYING + i, batch)
                        : KvEventsRig.removed(STAYING + i, BATCHES - 1 - batch))
                .toList())
        .toList();
  }

  private static void print(String what, Told told, Histogram lookups) {
    System.out.printf(
        Locale.ROOT,
        "| %s | %,.0f | %,.0f | %.1f | %.1f | %.1f |%n",
        what,
        told.blocks() / told.seconds(),
        told.blocks() / told.cpuSeconds(),
        lookups.getValueAtPercentile(50) / 1e3,
        lookups.getValueAtPercentile(99) / 1e3,
        lookups.getValueAtPercentile(99.9) / 1e3);
  }

  /** Prompts of which all is cached, one after the other, hashed before. */
  private static Histogram lookUp(KvEventsRig rig, Duration time) {
    var prompts = IntStream.range(0, STAYING).mapToObj(KvEventsRig::prompt).toList();
    var random = new SplittableRandom(2);
    var took = new Histogram(TimeUnit.SECONDS.toNanos(10), 3);
    for (int i = 0; i < STAYING; i++) {
      if (rig.lookUp(prompts.get(i), i % ENDPOINTS) != KvEventsRig.BLOCKS * 16.0) {
        throw new IllegalStateException("a prompt is not found");
      }
    }
    long start = System.nanoTime();
    for (long now = start; now - start < time.toNanos(); ) {
      int i = random.nextInt(STAYING);
      double cached = rig.lookUp(prompts.get(i), i % ENDPOINTS);
      long after = System.nanoTime();
      if (cached != KvEventsRig.BLOCKS * 16.0) {
        throw new IllegalStateException("a prompt is not found");
      }
      took.recordValue(after - now);
      now = System.nanoTime();
    }
    return took;
  }

  /** Conversations come, and go when half of all others have come. */
  private static Told tell(
      KvEventsRig rig, List<List<byte[]>> stored, List<List<byte[]>> removed, AtomicBoolean over) {
    var cpu = ManagementFactory.getThreadMXBean();
    long start = System.nanoTime();
    long cpuStart = cpu.getCurrentThreadCpuTime();
    long told = 0;
    int there = 0;
    for (int i = 0; !over.get(); i++, there++) {
      told += tell(rig, i % CHANGING % ENDPOINTS, stored.get(i % CHANGING));
      if (there >= CHANGING / 2) {
        int gone = (i - CHANGING / 2) % CHANGING;
        told += tell(rig, gone % ENDPOINTS, removed.get(gone));
      }
    }
    long cpuEnd = cpu.getCurrentThreadCpuTime();
    long end = System.nanoTime();
    // For the next round nothing of it is there.
    for (int i = 0; i < CHANGING; i++) {
      tell(rig, i % ENDPOINTS, removed.get(i));
    }
    return new Told(told, (end - start) / 1e9, (cpuEnd - cpuStart) / 1e9);
  }

  private static long tell(KvEventsRig rig, int endpoint, List<byte[]> batches) {
    for (var payload : batches) {
      rig.tell(endpoint, payload);
    }
    return (long) batches.size() * KvEventsRig.BATCH;
  }

  private void measureMemory() {
    long before = PrefixCommand.heapBytes();
    var rig = new KvEventsRig(ENDPOINTS, blocks);
    for (int i = 0; i < blocks / KvEventsRig.BLOCKS; i++) {
      for (int batch = 0; batch < BATCHES; batch++) {
        rig.tell(i % ENDPOINTS, KvEventsRig.stored(i, batch));
      }
    }
    long bytes = PrefixCommand.heapBytes() - before;
    System.out.printf(
        Locale.ROOT,
        "%n| blocks in the index | MB | bytes for each |%n|---|---|---|%n| %,.0f | %,.0f | %.1f |%n",
        rig.blocks(),
        bytes / 1e6,
        bytes / rig.blocks());
  }
}
