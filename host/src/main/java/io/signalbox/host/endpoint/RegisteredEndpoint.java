package io.signalbox.host.endpoint;

import io.signalbox.host.config.EndpointAddress;
import io.signalbox.sdk.Endpoint;
import io.vertx.core.net.SocketAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint as the registry keeps it. The same object stands for the same model and address as
 * long as it is configured, so counts survive a reload. Safe for any thread.
 */
public final class RegisteredEndpoint implements Endpoint {
  private final String host;
  private final int port;
  private final String urlHost;
  private final String address;
  private final SocketAddress socket;
  private final String model;
  private final String engine;
  private final Map<String, String> labels;
  private final Traffic traffic;
  private final boolean http2;

  RegisteredEndpoint(String model, String engine, EndpointAddress where, Traffic traffic) {
    this.host = where.ip();
    this.port = where.port();
    this.labels = where.labels();
    this.urlHost = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    this.address = urlHost + ":" + port;
    this.socket = SocketAddress.inetSocketAddress(port, host);
    this.model = model;
    this.engine = engine;
    this.traffic = traffic;
    this.http2 =
        EndpointAddress.HTTP_2.equals(where.labels().get(EndpointAddress.HTTP_VERSION_LABEL));
  }

  @Override
  public String host() {
    return host;
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public String address() {
    return address;
  }

  @Override
  public String model() {
    return model;
  }

  @Override
  public Map<String, String> labels() {
    return labels;
  }

  /** Whether everything that is configured about it is the same. */
  boolean configuredLike(RegisteredEndpoint other) {
    return engine.equals(other.engine) && labels.equals(other.labels);
  }

  /** The host as URLs and the {@code host} header write it: IPv6 addresses in brackets. */
  public String urlHost() {
    return urlHost;
  }

  /** Whether its engine is to be spoken to in HTTP/2, over cleartext and without asking before. */
  public boolean speaksHttp2() {
    return http2;
  }

  /** Where to connect to. */
  public SocketAddress socket() {
    return socket;
  }

  /** The engine's kind, such as {@code vllm}: which dialect its metrics page speaks. */
  public String engine() {
    return engine;
  }

  /**
   * Requests in flight at this address now, of this router and of its replicas, as far as they
   * told; never negative.
   */
  public int inFlight() {
    return traffic.inFlight() + traffic.inFlightElsewhere();
  }

  /** Counts one more request in flight, until the reservation is released. */
  public Reservation reserve() {
    return Reservation.of(traffic.counter());
  }

  /**
   * The same where fewer than {@code most} are in flight, those of replicas included; else null.
   */
  public @Nullable Reservation reserveBelow(int most) {
    return Reservation.below(most, traffic.counter());
  }

  /** What our requests met at this address. */
  public Traffic traffic() {
    return traffic;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RegisteredEndpoint that
        && address.equals(that.address)
        && model.equals(that.model);
  }

  @Override
  public int hashCode() {
    return 31 * model.hashCode() + address.hashCode();
  }

  @Override
  public String toString() {
    return model + "@" + address;
  }
}
