package io.signalbox.host;

/** The main cases through the oldest supported Envoy. */
final class OldestEnvoyRoutingIT extends EnvoyRoutingCases {
  OldestEnvoyRoutingIT() throws Exception {
    super(EnvoyProcess.OLDEST);
  }
}
