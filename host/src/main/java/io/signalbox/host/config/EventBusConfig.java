package io.signalbox.host.config;

import java.util.List;

/**
 * How applications that are no members of the cluster take part in the event bus, and what it
 * carries for those that listen. The bridges listen on loopback unless told otherwise: nobody is
 * asked who they are.
 *
 * @param tcpBridge frames of JSON over TCP
 * @param sockJsBridge SockJS and WebSocket
 * @param origins web pages that may use the SockJS bridge, such as {@code https://example.org}
 * @param scrapedSignals whether what is read from engines is published too
 * @param decisionsRatio the share of decisions that are published, 0 to 1
 */
public record EventBusConfig(
    ListenConfig tcpBridge,
    ListenConfig sockJsBridge,
    List<String> origins,
    boolean scrapedSignals,
    double decisionsRatio) {
  /** All defaults. */
  public static final EventBusConfig DEFAULT =
      new EventBusConfig(
          new ListenConfig(false, "127.0.0.1", 7000),
          new ListenConfig(false, "127.0.0.1", 8091),
          List.of(),
          false,
          0);

  public EventBusConfig {
    origins = List.copyOf(origins);
  }
}
