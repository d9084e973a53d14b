package io.signalbox.host.cluster;

import io.signalbox.host.endpoint.EndpointRegistry;
import io.signalbox.host.endpoint.Fleet;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.strategy.RecordException;
import io.signalbox.host.telemetry.Quiet;
import io.signalbox.host.telemetry.ReplicaMetrics;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the other replicas ten times a second what this one has in flight, and counts what they
 * tell. A record that is lost is made good by the next one.
 */
public final class InFlightVerticle extends VerticleBase {
  private static final Duration INTERVAL = Duration.ofMillis(100);
  private static final Logger LOG = LoggerFactory.getLogger(InFlightVerticle.class);

  private final EndpointRegistry registry;
  private final ReplicaMetrics metrics;
  private final LongSupplier nanoTime;
  private final String replica = UUID.randomUUID().toString();
  private final OtherReplicas others = new OtherReplicas();
  private final Quiet quiet = new Quiet();
  private Fleet fleet = Fleet.EMPTY;
  private List<RegisteredEndpoint> addresses = List.of();

  /**
   * A verticle for the endpoints of a registry.
   *
   * @param nanoTime monotonic, as {@link System#nanoTime()}
   */
  public InFlightVerticle(
      EndpointRegistry registry, ReplicaMetrics metrics, LongSupplier nanoTime) {
    this.registry = registry;
    this.metrics = metrics;
    this.nanoTime = nanoTime;
  }

  @Override
  public Future<?> start() {
    vertx.setPeriodic(INTERVAL.toMillis(), tick -> tick());
    return vertx.eventBus().consumer(InFlightRecord.ADDRESS, this::hear).completion();
  }

  private void tick() {
    var counts = new HashMap<String, Integer>();
    for (var endpoint : addresses()) {
      int inFlight = endpoint.traffic().inFlight();
      if (inFlight > 0) {
        counts.put(endpoint.address(), inFlight);
      }
    }
    vertx.eventBus().publish(InFlightRecord.ADDRESS, new InFlightRecord(replica, counts).write());
    int before = others.size();
    others.forgetSilent(nanoTime.getAsLong());
    if (others.size() < before) {
      LOG.warn("{} of {} other replicas fell silent", before - others.size(), before);
    }
    count();
  }

  private void hear(Message<Object> message) {
    try {
      var said = InFlightRecord.read(message.body());
      if (said.replica().equals(replica)) {
        return;
      }
      int before = others.size();
      if (!others.hear(said, nanoTime.getAsLong())) {
        refused("more than " + OtherReplicas.MOST + " replicas");
      } else if (others.size() > before) {
        LOG.info("another replica is heard; there are {} besides this one", others.size());
      }
      count();
    } catch (RecordException e) {
      refused(String.valueOf(e.getMessage()));
    }
  }

  private void refused(String why) {
    metrics.refused();
    if (quiet.mayTell()) {
      LOG.warn("a record at {} is not counted: {}", InFlightRecord.ADDRESS, why);
    }
  }

  private void count() {
    metrics.others(others.size());
    for (var endpoint : addresses()) {
      endpoint.traffic().inFlightElsewhere(others.inFlight(endpoint.address()));
    }
  }

  /** One endpoint for each address. */
  @SuppressWarnings("ReferenceEquality") // A fleet is replaced whole.
  private List<RegisteredEndpoint> addresses() {
    var now = registry.fleet();
    if (now != fleet) {
      fleet = now;
      addresses = List.copyOf(now.byAddress().values());
    }
    return addresses;
  }
}
