package io.signalbox.host.cases;

import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.Signal;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * An endpoint of a case.
 *
 * @param signals those that are known; requests in flight are 0 where nothing is said of them
 */
record CaseEndpoint(
    String host, int port, String model, Map<String, String> labels, Map<Signal, Double> signals)
    implements Endpoint {
  static final Pattern ADDRESS = Pattern.compile("(?:\\[([^]]+)]|([^:]+)):(\\d{1,5})");

  CaseEndpoint {
    labels = Map.copyOf(labels);
    signals = Map.copyOf(signals);
  }

  @Override
  public String address() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }

  CaseEndpoint serving(String other) {
    return new CaseEndpoint(host, port, other, labels, signals);
  }

  double value(Signal signal) {
    return signals.getOrDefault(signal, signal == Signal.IN_FLIGHT ? 0 : Double.NaN);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CaseEndpoint that
        && address().equals(that.address())
        && model.equals(that.model);
  }

  @Override
  public int hashCode() {
    return 31 * model.hashCode() + address().hashCode();
  }
}
