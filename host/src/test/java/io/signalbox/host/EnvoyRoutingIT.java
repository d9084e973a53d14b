package io.signalbox.host;

/** The main cases through the current Envoy. */
final class EnvoyRoutingIT extends EnvoyRoutingCases {
  EnvoyRoutingIT() throws Exception {
    super(EnvoyProcess.CURRENT);
  }
}
