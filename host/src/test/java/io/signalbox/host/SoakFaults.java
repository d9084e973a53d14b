package io.signalbox.host;

import io.signalbox.host.SoakFleet.Engine;
import io.signalbox.host.SoakFleet.Trouble;
import io.signalbox.host.SoakRecord.Course;
import io.signalbox.host.SoakRecord.Notice;
import io.signalbox.simulator.Fault;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * How each fault of a soak is made, what announces it, and how it is taken back. Each stays until
 * it was announced, and is over when all is well again.
 */
final class SoakFaults {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
  private static final Duration LATE = Duration.ofMillis(500);
  private static final int AT_ONCE = 3;
  private static final int TOKENS_BEFORE = 3;
  private static final String PLUGIN = "steered";

  /** What a soak is made of. */
  record Parts(
      SoakHost host,
      SoakFleet fleet,
      SoakLoad load,
      KafkaBroker kafka,
      RedisServer redis,
      SoakConfiguration configuration) {}

  private final Parts parts;
  private final SoakHost host;
  private final BlockingQueue<Engine> well;

  SoakFaults(Parts parts) {
    this.parts = parts;
    this.host = parts.host();
    this.well = new LinkedBlockingQueue<>(parts.fleet().faulty());
  }

  // One fault

  private interface Action {
    void run() throws Exception;
  }

  /** What shows that something is so. */
  private record Sign(String what, Callable<Boolean> seen) {
    boolean comes() throws Exception {
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (!isSeen()) {
        if (System.nanoTime() > deadline) {
          return false;
        }
        LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
      }
      return true;
    }

    private boolean isSeen() throws Exception {
      try {
        return seen.call();
      } catch (UncheckedIOException e) {
        // A page that a busy machine does not bring in time says nothing.
        return false;
      }
    }
  }

  /** A fault: how it is made and announced, how it is taken back, and how that shows. */
  private record Making(String where, Action begin, Sign announced, Action end, Sign over) {
    Notice go(SoakFault fault) {
      long from = System.nanoTime();
      var course = Course.NOT_MADE;
      var problem = "";
      long announcedNanos = 0;
      try {
        boolean shows;
        try {
          begin.run();
          shows = announced.comes();
          announcedNanos = System.nanoTime() - from;
        } finally {
          end.run();
        }
        if (!shows) {
          course = Course.NOT_ANNOUNCED;
          problem = announced.what();
        } else if (over.comes()) {
          course = Course.ANNOUNCED_AND_OVER;
        } else {
          course = Course.NOT_OVER;
          problem = over.what();
        }
      } catch (Exception | AssertionError e) {
        problem = e.toString();
      }
      return new Notice(fault, where, course, announcedNanos, problem);
    }
  }

  /** Makes a fault, and takes it back. */
  Notice make(SoakFault fault) {
    try {
      return made(fault);
    } catch (RuntimeException | InterruptedException e) {
      return new Notice(fault, "", Course.NOT_MADE, 0, e.toString());
    }
  }

  private Notice made(SoakFault fault) throws InterruptedException {
    return switch (fault) {
      case ENGINE_DIES -> dying(fault, 1);
      case ENGINES_DIE_AT_ONCE -> dying(fault, AT_ONCE);
      case ENGINE_HANGS -> ejected(fault, new Fault.Stall(0));
      case ENGINE_HANGS_MIDWAY -> ejected(fault, new Fault.Stall(TOKENS_BEFORE));
      case ENGINE_RESETS -> ejected(fault, new Fault.Reset(0));
      case ENGINE_RESETS_MIDWAY -> ejected(fault, new Fault.Reset(TOKENS_BEFORE));
      case ENGINE_FAILS -> ejected(fault, new Fault.ServerError(500));
      case ENGINE_SLOW -> slow(fault);
      case ENGINE_UNHEALTHY ->
          injected(fault, new Fault.Unhealthy(), engine -> available(engine, "unhealthy"));
      case METRICS_GONE -> unread(fault, new Fault.MetricsGone(), "failure");
      case METRICS_HANG -> unread(fault, new Fault.MetricsStall(), "failure");
      case METRICS_GARBLED -> unread(fault, new Fault.MetricsGarbled(), "unrecognised");
      case METRICS_FROZEN -> unread(fault, new Fault.MetricsFrozen(), "frozen");
      case PLUGIN_SAVED, PLUGIN_BROKEN, PLUGIN_THROWS, PLUGIN_HANGS, PLUGIN_DELETED ->
          plugin(fault).go(fault);
      case CONFIGURATION_CHANGED -> changed(fault);
      case CONFIGURATION_BROKEN -> broken().go(fault);
      case KAFKA_AWAY -> kafka().go(fault);
      case REDIS_AWAY -> redis(parts.redis()::stop, parts.redis()::restart).go(fault);
      case REDIS_HANGS -> redis(parts.redis()::freeze, parts.redis()::thaw).go(fault);
    };
  }

  private Sign grows(String meter, String labels) {
    double before = host.meter(meter, labels);
    return new Sign(meter + "{" + labels + "} grows", () -> host.meter(meter, labels) > before);
  }

  private Sign told(String header, String pattern) {
    long before = parts.load().seen(header, pattern);
    return new Sign(header + " with " + pattern, () -> parts.load().seen(header, pattern) > before);
  }

  private static Sign both(Sign one, Sign other) {
    return new Sign(
        one.what() + ", and " + other.what(), () -> one.seen().call() && other.seen().call());
  }

  // Engines

  private interface SignOfEngine {
    Sign of(Engine engine);
  }

  private Sign available(Engine engine, String... wanted) {
    return new Sign(
        engine.address() + " is " + String.join(" or ", wanted),
        () -> List.of(wanted).contains("" + host.endpoints().availability(engine.address())));
  }

  private Sign known(Engine engine, boolean known) {
    return new Sign(
        "waiting of " + engine.address() + (known ? " is known" : " is unknown"),
        () -> Double.isNaN(host.endpoints().signal(engine.address(), "waiting")) != known);
  }

  private Sign ready(Engine engine) {
    return both(available(engine, "ready"), known(engine, true));
  }

  private Notice dying(SoakFault fault, int count) throws InterruptedException {
    var engines = new ArrayList<Engine>();
    var troubles = new ArrayList<Trouble>();
    try {
      while (engines.size() < count) {
        engines.add(well.take());
      }
      var making =
          new Making(
              engines.stream().map(Engine::address).toList().toString(),
              () -> {
                engines.forEach(engine -> troubles.add(engine.trouble(fault)));
                engines.forEach(Engine::end);
              },
              all(engines, engine -> available(engine, "unreachable")),
              () -> {
                engines.forEach(Engine::begin);
                troubles.forEach(Trouble::over);
              },
              all(engines, this::ready));
      return making.go(fault);
    } finally {
      well.addAll(engines);
    }
  }

  private static Sign all(List<Engine> engines, SignOfEngine each) {
    return engines.stream().map(each::of).reduce(SoakFaults::both).orElseThrow();
  }

  private Notice injected(SoakFault fault, Fault injected, SignOfEngine announced)
      throws InterruptedException {
    var engine = well.take();
    var troubles = new ArrayList<Trouble>();
    var making =
        new Making(
            engine.address(),
            () -> {
              troubles.add(engine.trouble(fault));
              engine.inject(injected);
            },
            announced.of(engine),
            () -> {
              engine.clearFault();
              troubles.forEach(Trouble::over);
            },
            ready(engine));
    try {
      return making.go(fault);
    } finally {
      well.add(engine);
    }
  }

  private Notice ejected(SoakFault fault, Fault injected) throws InterruptedException {
    return injected(fault, injected, engine -> available(engine, "ejected", "half-open"));
  }

  private Notice slow(SoakFault fault) throws InterruptedException {
    return injected(
        fault,
        new Fault.SlowFirstByte(LATE),
        engine ->
            new Sign(
                "ttftSeconds of " + engine.address() + " tells",
                () ->
                    host.endpoints().signal(engine.address(), "ttftSeconds")
                        > LATE.toMillis() / 2_000.0));
  }

  /** A page that is of no use: what it told before gets too old, and readings are counted. */
  private Notice unread(SoakFault fault, Fault injected, String outcome)
      throws InterruptedException {
    var counted = grows("signalbox_scrapes_total", "outcome=\"" + outcome + "\"");
    return injected(fault, injected, engine -> both(known(engine, false), counted));
  }

  // Plugins

  private Making plugin(SoakFault fault) {
    var configuration = parts.configuration();
    Action mended = () -> host.savePlugin(configuration.plugin());
    var active = new Sign(PLUGIN + " is active", () -> newestState().equals("active"));
    return switch (fault) {
      case PLUGIN_SAVED -> new Making(PLUGIN, mended, changes("swapped"), () -> {}, active);
      case PLUGIN_BROKEN ->
          new Making(
              PLUGIN,
              () -> host.savePlugin(configuration.brokenPlugin()),
              both(
                  changes("rejected"),
                  new Sign("it is rejected", () -> newestState().equals("rejected"))),
              mended,
              active);
      case PLUGIN_THROWS ->
          new Making(
              PLUGIN,
              () -> host.savePlugin(configuration.throwingPlugin()),
              both(calls("failed"), told("x-signalbox-degraded", PLUGIN + "\\S* failed")),
              mended,
              active);
      case PLUGIN_HANGS ->
          new Making(
              PLUGIN,
              () -> host.savePlugin(configuration.hangingPlugin()),
              both(calls("late"), told("x-signalbox-degraded", PLUGIN + "\\S* late")),
              mended,
              active);
      // A plugin is deleted.
      default ->
          new Making(
              PLUGIN,
              host::deletePlugin,
              both(changes("removed"), told("x-signalbox-degraded", PLUGIN + "\\S* not-loaded")),
              mended,
              active);
    };
  }

  private Sign changes(String change) {
    return grows("signalbox_plugin_changes_total", "change=\"" + change + "\"");
  }

  private Sign calls(String outcome) {
    return grows("signalbox_plugin_calls_total", "outcome=\"" + outcome + "\"");
  }

  /** The state of the version saved last. */
  private String newestState() {
    var page = host.admin().get("/plugins/" + PLUGIN);
    if (page.statusCode() != 200) {
      return "unknown";
    }
    return new JsonObject(page.body()).getJsonArray("versions").getJsonObject(0).getString("state");
  }

  // The configuration

  private Notice changed(SoakFault fault) {
    var left = parts.fleet().optional();
    var configuration = parts.configuration();
    var troubles = new ArrayList<Trouble>();
    var making =
        new Making(
            left.address(),
            () -> {
              troubles.add(left.trouble(fault));
              host.configure(configuration.changed());
            },
            both(
                new Sign("it is left out", () -> !host.endpoints().has(left.address())),
                told("routing-strategy", "random")),
            () -> host.configure(configuration.usual()),
            ready(left));
    var notice = making.go(fault);
    troubles.forEach(Trouble::over);
    return notice;
  }

  private Making broken() {
    var configuration = parts.configuration();
    return new Making(
        "signalbox.yaml",
        () -> host.configure(configuration.broken()),
        new Sign("/config tells of it", this::refusesConfiguration),
        () -> host.configure(configuration.usual()),
        new Sign("/config tells no more of it", () -> !refusesConfiguration()));
  }

  private boolean refusesConfiguration() {
    return new JsonObject(host.admin().get("/config").body()).getValue("refused") != null;
  }

  // Kafka and Redis

  private Making kafka() {
    return new Making(
        "Kafka",
        parts.kafka()::kill,
        both(
            new Sign(
                "signalbox_kv_lag_records is -1",
                () -> host.meter("signalbox_kv_lag_records", "") == -1),
            told("x-signalbox-degraded", "kv-events missing")),
        parts.kafka()::restart,
        new Sign(
            "signalbox_kv_lag_records is not -1",
            () -> host.meter("signalbox_kv_lag_records", "") >= 0));
  }

  private Making redis(Action begin, Action end) {
    return new Making(
        "Redis",
        begin,
        new Sign(
            "signalbox_limit_shared is 0", () -> host.meter("signalbox_limit_shared ", "") == 0),
        end,
        new Sign(
            "signalbox_limit_shared is 1", () -> host.meter("signalbox_limit_shared ", "") == 1));
  }
}
