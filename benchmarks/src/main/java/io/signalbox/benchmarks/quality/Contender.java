package io.signalbox.benchmarks.quality;

import java.util.List;

/**
 * A chain that is compared with others.
 *
 * @param name in tables and charts
 */
record Contender(String name, String chain) {
  /** By its own text. */
  static Contender of(String chain) {
    return new Contender(chain, chain);
  }

  /** What load balancers do, what each strategy does alone, and how they are put together. */
  static List<Contender> all() {
    return List.of(
        of("random"),
        of("round-robin"),
        of("power-of-two"),
        of("least-request"),
        of("running-requests"),
        of("queue-depth"),
        of("least-kv-cache"),
        of("least-utilization"),
        of("least-busy-time"),
        of("throughput"),
        of("least-latency"),
        of("load-balance"),
        of("session-affinity"),
        of("prefix-cache"),
        of("prefix-cache-preble"),
        of("least-request, least-kv-cache"),
        of("least-request, load-balance"),
        of("least-request;band=2, least-latency"),
        of("session-affinity;load-cap=1.5"),
        of("prefix-cache;imbalance=4"),
        of("prefix-cache;band=0.1, least-request"),
        of("prefix-cache:2 + least-request"),
        of("prefix-cache + least-request;scale=absolute;slots=16"),
        // What llm-d's endpoint picker does without a configuration, as far as ours have it.
        new Contender("llm-d mix", "queue-depth:2 + least-kv-cache:2 + prefix-cache:3"));
  }
}
