package io.signalbox.sdk;

import java.util.Comparator;
import java.util.Map;

/**
 * One address that serves one model. Immutable; safe to keep and to share between threads.
 *
 * <p>Two endpoints are equal when model and address are, also across changes of the configuration.
 */
public interface Endpoint {
  /**
   * The order of {@link Candidates}: by address, hosts as text and ports as numbers. It is the
   * order in which {@code round-robin} goes round.
   */
  Comparator<Endpoint> BY_ADDRESS =
      Comparator.comparing(Endpoint::host).thenComparingInt(Endpoint::port);

  /** The IP address, without brackets. */
  String host();

  /** The TCP port, 1 to 65535. */
  int port();

  /** {@code ip:port}, IPv6 addresses in brackets: what the {@code target-pod} header carries. */
  String address();

  /** The name of the model it serves here. */
  String model();

  /** What the configuration says about it, such as {@code spot: "true"}; empty where nothing. */
  Map<String, String> labels();
}
