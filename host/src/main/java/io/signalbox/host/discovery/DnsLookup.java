package io.signalbox.host.discovery;

import io.signalbox.host.config.DiscoveryConfig.Dns;
import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.discovery.NameServer.Service;
import io.signalbox.host.telemetry.DiscoveryMetrics;
import io.signalbox.host.telemetry.DiscoveryMetrics.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks up the endpoints that records of one name stand for. An answer without a record is none: a
 * name server that lost its zone must not take all endpoints away.
 */
final class DnsLookup implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DnsLookup.class);

  private final Dns config;
  private final DiscoveryMetrics metrics;
  private final NameServer server;
  private final AtomicBoolean underWay = new AtomicBoolean();
  private volatile boolean failing;

  DnsLookup(Dns config, DiscoveryMetrics metrics) {
    this.config = config;
    this.metrics = metrics;
    this.server = new NameServer(config.server());
  }

  /**
   * Begins, unless the look-up before is still under way.
   *
   * @param then told what was found, or that nothing was, on another thread
   */
  void start(Consumer<Optional<List<ModelConfig>>> then) {
    if (!underWay.compareAndSet(false, true)) {
      return;
    }
    var _ =
        Thread.ofVirtual()
            .name("dns-" + config.name())
            .start(() -> {
              var found = look();
              underWay.set(false);
              then.accept(found);
            });
  }

  private Optional<List<ModelConfig>> look() {
    try {
      var endpoints = endpoints();
      if (endpoints.isEmpty()) {
        return failed("there is no " + config.type() + " record");
      }
      metrics.succeeded(Source.DNS);
      if (failing) {
        failing = false;
        LOG.info("{} is answered for again", config.name());
      }
      return Optional.of(
          List.of(new ModelConfig(config.model(), ModelConfig.DEFAULT_ENGINE, endpoints)));
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      return failed(String.valueOf(e.getCause() == null ? e : e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private Optional<List<ModelConfig>> failed(String why) {
    metrics.failed(Source.DNS);
    if (!failing) {
      failing = true;
      LOG.warn("{} cannot be looked up, endpoints known before stay: {}", config.name(), why);
    }
    return Optional.empty();
  }

  private List<EndpointAddress> endpoints()
      throws ExecutionException, InterruptedException, TimeoutException {
    var name = config.name();
    return switch (config.type()) {
      case A -> endpoints(name, server.addresses(name), config.port());
      case AAAA -> endpoints(name, server.longAddresses(name), config.port());
      case SRV -> services(server.services(name));
    };
  }

  private List<EndpointAddress> endpoints(String name, List<String> addresses, int port) {
    return addresses.stream()
        .map(ip -> new EndpointAddress(name + ":" + port, ip, port, config.labels()))
        .toList();
  }

  /**
   * Those of the lowest priority, as RFC 2782 has it: the others stand in when all of them fail.
   */
  private List<EndpointAddress> services(List<Service> services)
      throws ExecutionException, InterruptedException, TimeoutException {
    int best = services.stream().mapToInt(Service::priority).min().orElse(0);
    var endpoints = new ArrayList<EndpointAddress>();
    for (var service : services) {
      if (service.priority() == best) {
        endpoints.addAll(
            endpoints(service.target(), server.addresses(service.target()), service.port()));
      }
    }
    return endpoints;
  }

  @Override
  public void close() {
    server.close();
  }
}
