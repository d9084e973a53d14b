package io.signalbox.host;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a host's page {@code /endpoints} says of its first model. */
record EndpointsPage(Client admin) {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  EndpointsPage(RunningHost host) {
    this(host.admin());
  }

  int count() {
    return endpoints().size();
  }

  private JsonArray endpoints() {
    return new JsonObject(admin.get("/endpoints").body())
        .getJsonArray("models")
        .getJsonObject(0)
        .getJsonArray("endpoints");
  }

  private JsonObject endpoint(String address) {
    var all = endpoints();
    for (int i = 0; i < all.size(); i++) {
      if (all.getJsonObject(i).getString("address").equals(address)) {
        return all.getJsonObject(i);
      }
    }
    return new JsonObject().put("signals", new JsonObject());
  }

  boolean has(String address) {
    return endpoint(address).containsKey("address");
  }

  /** The value of a signal; {@code NaN} where unknown. */
  double signal(String address, String signal) {
    var its = endpoint(address).getJsonObject("signals").getJsonObject(signal);
    var value = its == null ? null : its.getDouble("value");
    return value == null ? Double.NaN : value;
  }

  /** The value of a label; empty where there is none. */
  String label(String address, String label) {
    return endpoint(address).getJsonObject("labels", new JsonObject()).getString(label, "");
  }

  @Nullable String availability(String address) {
    return endpoint(address).getString("availability");
  }

  @Nullable String engine(String address) {
    return endpoint(address).getString("engine");
  }

  void await(String address, String signal, double value) throws Exception {
    Eventually.until(
        PATIENCE,
        () -> Double.compare(signal(address, signal), value) == 0,
        () -> signal + " is " + signal(address, signal) + ", not " + value);
  }

  void awaitAvailability(String address, String wanted) throws Exception {
    Eventually.until(
        PATIENCE,
        () -> wanted.equals(availability(address)),
        () -> address + " is " + availability(address) + ", not " + wanted);
  }
}
