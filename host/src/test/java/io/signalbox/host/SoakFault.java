package io.signalbox.host;

import java.util.List;
import java.util.stream.Stream;

/** What goes wrong in a soak, in the order of the table in {@code docs/reliability.md}. */
enum SoakFault {
  ENGINE_DIES("an engine ends, and comes back", Befalls.ENGINES, Cost.TAKEN),
  ENGINES_DIE_AT_ONCE("three engines end at once, and come back", Befalls.ENGINES, Cost.TAKEN),
  ENGINE_HANGS("an engine takes requests, and answers nothing", Befalls.ENGINES, Cost.TAKEN),
  ENGINE_HANGS_MIDWAY("an engine stops in the middle of answers", Befalls.ENGINES, Cost.TAKEN),
  ENGINE_RESETS("an engine closes connections instead of answering", Befalls.ENGINES, Cost.TAKEN),
  ENGINE_RESETS_MIDWAY(
      "an engine closes connections in the middle of answers", Befalls.ENGINES, Cost.TAKEN),
  ENGINE_FAILS("an engine answers 500", Befalls.ENGINES, Cost.TAKEN),
  ENGINE_SLOW("an engine is half a second late", Befalls.ENGINES, Cost.NOTHING),
  ENGINE_UNHEALTHY("an engine's health check says 503", Befalls.ENGINES, Cost.NOTHING),
  METRICS_GONE("an engine's metrics say 503", Befalls.ENGINES, Cost.NOTHING),
  METRICS_HANG("an engine's metrics do not come", Befalls.ENGINES, Cost.NOTHING),
  METRICS_GARBLED("an engine's metrics cannot be read", Befalls.ENGINES, Cost.NOTHING),
  METRICS_FROZEN(
      "an engine's metrics stay as they were, and so lie", Befalls.ENGINES, Cost.NOTHING),
  PLUGIN_SAVED("a plugin is saved", Befalls.PLUGIN, Cost.NOTHING),
  PLUGIN_BROKEN("a plugin is saved with an error of syntax", Befalls.PLUGIN, Cost.NOTHING),
  PLUGIN_THROWS("a plugin throws", Befalls.PLUGIN, Cost.NOTHING),
  PLUGIN_HANGS("a plugin loops without end", Befalls.PLUGIN, Cost.NOTHING),
  PLUGIN_DELETED("a plugin that the chain names is deleted", Befalls.PLUGIN, Cost.NOTHING),
  CONFIGURATION_CHANGED(
      "the configuration takes an engine and a stage away", Befalls.CONFIGURATION, Cost.NOTHING),
  CONFIGURATION_BROKEN(
      "the configuration is saved with an error", Befalls.CONFIGURATION, Cost.NOTHING),
  KAFKA_AWAY("Kafka is killed, and started again", Befalls.SERVICES, Cost.NOTHING),
  REDIS_AWAY("Redis is killed, and started again empty", Befalls.SERVICES, Cost.NOTHING),
  REDIS_HANGS("Redis answers nothing", Befalls.SERVICES, Cost.NOTHING);

  /** What it befalls; and how many of these faults there are at a time. */
  enum Befalls {
    ENGINES(2),
    PLUGIN(1),
    CONFIGURATION(1),
    /** Kafka and Redis. */
    SERVICES(1);

    private final int atOnce;

    Befalls(int atOnce) {
      this.atOnce = atOnce;
    }

    int atOnce() {
      return atOnce;
    }

    List<SoakFault> faults() {
      return Stream.of(SoakFault.values()).filter(fault -> fault.befalls == this).toList();
    }
  }

  /** Which requests it may cost. */
  enum Cost {
    NOTHING,
    /** Those that the engine had taken: it may have begun them, so they are not repeated. */
    TAKEN
  }

  private final String what;
  private final Befalls befalls;
  private final Cost cost;

  SoakFault(String what, Befalls befalls, Cost cost) {
    this.what = what;
    this.befalls = befalls;
    this.cost = cost;
  }

  String what() {
    return what;
  }

  Cost cost() {
    return cost;
  }
}
