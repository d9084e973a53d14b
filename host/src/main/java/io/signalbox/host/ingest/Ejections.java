package io.signalbox.host.ingest;

import io.signalbox.host.config.HealthConfig;
import io.signalbox.host.endpoint.Fleet;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.endpoint.Traffic.Total;
import io.signalbox.host.signals.SampleTable;
import io.signalbox.host.telemetry.HealthMetrics;
import io.signalbox.host.telemetry.Quiet;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ejects addresses where our requests fail one after the other, for a while that doubles with each
 * ejection in a row; then they get one request at a time until one works, or are ejected again. So
 * many of a model's endpoints are ejected at most. Belongs to the ingest's thread.
 */
final class Ejections {
  /*
   * ready -> ejected -> half open -> ready
   *             ^----------'
   *
   * An address that was ready again for LONGEST starts with the first ejection's time anew.
   */
  private static final int MOST_DOUBLINGS = 5;

  private static final Logger LOG = LoggerFactory.getLogger(Ejections.class);
  private static final Quiet QUIET = new Quiet();

  private final HealthConfig config;
  private final SampleTable samples;
  private final HealthMetrics metrics;
  private final Map<String, State> byAddress = new HashMap<>();
  private Fleet fleet = Fleet.EMPTY;
  private Map<String, List<RegisteredEndpoint>> addresses = Map.of();

  /** Of an address that was ejected before. */
  private static final class State {
    private Phase phase = Phase.READY;
    private long sinceNanos;
    private int inARow;
    private long endedBefore;
    private boolean spared;
  }

  private enum Phase {
    READY,
    EJECTED,
    HALF_OPEN
  }

  Ejections(HealthConfig config, SampleTable samples, HealthMetrics metrics) {
    this.config = config;
    this.samples = samples;
    this.metrics = metrics;
  }

  /** Looks at these endpoints from now on. */
  void follow(Fleet next) {
    fleet = next;
    addresses = next.allByAddress();
    byAddress.keySet().retainAll(addresses.keySet());
  }

  /** Readmits all. */
  void close() {
    byAddress.keySet().forEach(samples::readmitted);
    byAddress.clear();
  }

  /** Looks at what became of requests; true where a candidate came or went. */
  boolean look(long nowNanos) {
    if (config.consecutiveFailures() == 0) {
      return false;
    }
    boolean changed = false;
    for (var entry : addresses.entrySet()) {
      changed |= look(entry.getKey(), entry.getValue().getFirst(), nowNanos);
    }
    return changed;
  }

  private boolean look(String address, RegisteredEndpoint endpoint, long nowNanos) {
    var state = byAddress.get(address);
    int failures = endpoint.traffic().failuresInARow();
    boolean tooMany = failures >= config.consecutiveFailures();
    if (state == null) {
      return tooMany && eject(address, failures, nowNanos);
    }
    return switch (state.phase) {
      case READY -> {
        state.spared &= tooMany;
        yield tooMany && eject(address, failures, nowNanos);
      }
      case EJECTED ->
          nowNanos - state.sinceNanos >= time(state).toNanos() && open(address, endpoint, nowNanos);
      case HALF_OPEN -> {
        if (failures > 0) {
          yield eject(address, failures, nowNanos);
        }
        boolean worked = endpoint.traffic().total(Total.ENDED) > state.endedBefore;
        yield worked && readmit(address, nowNanos);
      }
    };
  }

  private Duration time(State state) {
    return config.ejectionTime().multipliedBy(1L << Math.min(state.inARow - 1, MOST_DOUBLINGS));
  }

  private boolean eject(String address, int failures, long nowNanos) {
    var state = byAddress.computeIfAbsent(address, key -> new State());
    if (state.phase == Phase.READY) {
      if (!mayEject(address)) {
        return spare(address, state);
      }
      var longest = config.ejectionTime().multipliedBy(1L << MOST_DOUBLINGS);
      if (nowNanos - state.sinceNanos >= longest.toNanos()) {
        state.inARow = 0;
      }
    }
    state.spared = false;
    state.phase = Phase.EJECTED;
    state.sinceNanos = nowNanos;
    state.inARow++;
    metrics.ejected();
    LOG.warn(
        "endpoint {} ejected for {} ms: {} requests failed there in a row",
        address,
        time(state).toMillis(),
        failures);
    samples.ejected(address);
    return true;
  }

  private boolean spare(String address, State state) {
    if (!state.spared) {
      state.spared = true;
      metrics.spared();
    }
    if (QUIET.mayTell()) {
      LOG.warn(
          "endpoint {} is not ejected although requests fail there: health.max-ejected of its model"
              + " are already",
          address);
    }
    return false;
  }

  /** Whether enough of each model of the address would be left. */
  private boolean mayEject(String address) {
    return addresses.getOrDefault(address, List.of()).stream()
        .map(endpoint -> fleet.models().getOrDefault(endpoint.model(), List.of()))
        .allMatch(its -> ejected(its) + 1 <= config.maxEjectedRatio() * its.size());
  }

  private long ejected(Collection<RegisteredEndpoint> endpoints) {
    return endpoints.stream()
        .map(endpoint -> byAddress.get(endpoint.address()))
        .filter(state -> state != null && state.phase != Phase.READY)
        .count();
  }

  private boolean open(String address, RegisteredEndpoint endpoint, long nowNanos) {
    var state = byAddress.computeIfAbsent(address, key -> new State());
    state.phase = Phase.HALF_OPEN;
    state.sinceNanos = nowNanos;
    endpoint.traffic().forgetFailures();
    state.endedBefore = endpoint.traffic().total(Total.ENDED);
    samples.halfOpen(address);
    return true;
  }

  private boolean readmit(String address, long nowNanos) {
    var state = byAddress.computeIfAbsent(address, key -> new State());
    state.phase = Phase.READY;
    state.sinceNanos = nowNanos;
    LOG.info("endpoint {} works again", address);
    samples.readmitted(address);
    return true;
  }
}
