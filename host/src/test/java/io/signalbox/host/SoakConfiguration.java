package io.signalbox.host;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Texts of the configuration and of the plugin that a soak saves. */
final class SoakConfiguration {
  private final SoakFleet fleet;
  private final String rest;
  private final AtomicInteger saved = new AtomicInteger();

  SoakConfiguration(SoakFleet fleet, KafkaBroker kafka, RedisServer redis) {
    this.fleet = fleet;
    this.rest =
        """
        signals: {scrape-interval: 250ms, idle-scrape-interval: 500ms, window: 5s}
        health:
          consecutive-failures: 3
          ejection-time: 1s
          check: {path: /health, interval: 250ms, timeout: 5s, failures: 2, successes: 1}
        prefix-index: {blocks: 4096}
        plugins: {steered: {budget: 100ms}}
        kafka: {enabled: true, servers: ["%s"]}
        limits:
          identity: user-header
          user: {requests-per-minute: 1000000, tokens-per-minute: 900000000, concurrency: 1000}
          redis: {server: "%s", timeout: 500ms, when-away: local}
        """
            .formatted(kafka.server(), redis.server());
  }

  /** That of most of the time, but for what listens. */
  String usual() {
    return text(List.of(), "steered;optional, least-request");
  }

  /** Without one engine, and with another chain. */
  String changed() {
    return text(List.of(fleet.optional()), "random");
  }

  /** With a key that there is not. */
  String broken() {
    return usual() + "\nroutng: {}\n";
  }

  private String text(List<SoakFleet.Engine> without, String chain) {
    return fleet.model(without) + "routing: {default: \"" + chain + "\"}\n" + rest;
  }

  /** One that works, another each time. */
  String plugin() {
    return plugin("return endpoint.inFlight > 12 ? 1 : 0;");
  }

  String brokenPlugin() {
    return plugin("return (;");
  }

  /** Requests of the soak have the header, those that versions are tried with have not. */
  String throwingPlugin() {
    return plugin("if (request.headers.soak) throw new Error('on purpose'); return 0;");
  }

  String hangingPlugin() {
    return plugin("if (request.headers.soak) for (;;) {} return 0;");
  }

  private String plugin(String body) {
    return """
    // %d
    export const strategy = { name: "steered", kind: "scorer", prefer: "low" };
    export function score(request, endpoint) {
      %s
    }
    """
        .formatted(saved.incrementAndGet(), body);
  }
}
