package io.signalbox.host.plugin;

import io.signalbox.host.strategy.EndpointTable;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.Signal;
import java.util.Map;

/**
 * Endpoints that do not exist, on which plugins are tried before they decide about real ones.
 *
 * @param size how many
 * @param signals what is known of them
 */
record SampleFleet(int size, Signals signals) implements EndpointTable {
  /** What is known of a sample fleet. */
  enum Signals {
    /** Every signal of every endpoint, each another value. */
    KNOWN,
    /** Nothing but in-flight counts, as at a start. */
    UNKNOWN
  }

  /** One of the endpoints; from a range of addresses that nobody has. */
  private record Sample(int number) implements Endpoint {
    @Override
    public String host() {
      return "192.0.2." + (number + 1);
    }

    @Override
    public int port() {
      return 8000;
    }

    @Override
    public String address() {
      return host() + ":" + port();
    }

    @Override
    public String model() {
      return SampleRequest.MODEL;
    }

    @Override
    public Map<String, String> labels() {
      return Map.of();
    }
  }

  @Override
  public Endpoint endpoint(int row) {
    return new Sample(row);
  }

  @Override
  public double value(Signal signal, int row) {
    if (signals == Signals.UNKNOWN && !signal.live()) {
      return Double.NaN;
    }
    return signal.unit().equals("ratio") ? (row + 1.0) / (size + 1) : row;
  }
}
