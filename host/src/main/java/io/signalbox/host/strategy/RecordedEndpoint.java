package io.signalbox.host.strategy;

import io.signalbox.sdk.Endpoint;
import java.util.Map;

/** An endpoint as a question's record tells of it. */
record RecordedEndpoint(
    String host, int port, String address, String model, Map<String, String> labels)
    implements Endpoint {
  private static final int LAST_PORT = 65_535;

  RecordedEndpoint {
    labels = Map.copyOf(labels);
  }

  static RecordedEndpoint read(RecordFields fields) {
    var address = fields.requiredText("address");
    int colon = address.lastIndexOf(':');
    var host = colon < 0 ? "" : host(address.substring(0, colon));
    int port = port(address.substring(colon + 1));
    if (host.isEmpty() || port < 1 || port > LAST_PORT) {
      throw fields.wrong("address", "must be ip:port, an IPv6 address in brackets");
    }
    return new RecordedEndpoint(
        host, port, address, fields.requiredText("model"), fields.texts("labels"));
  }

  /** Empty where it cannot be one. */
  private static String host(String text) {
    if (text.startsWith("[") && text.endsWith("]")) {
      return text.substring(1, text.length() - 1);
    }
    return text.indexOf(':') < 0 ? text : "";
  }

  private static int port(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RecordedEndpoint that
        && address.equals(that.address)
        && model.equals(that.model);
  }

  @Override
  public int hashCode() {
    return 31 * model.hashCode() + address.hashCode();
  }
}
