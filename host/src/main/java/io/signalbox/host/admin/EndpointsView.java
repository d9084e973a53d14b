package io.signalbox.host.admin;

import io.signalbox.host.signals.Availability;
import io.signalbox.host.signals.FleetSnapshot;
import io.signalbox.host.signals.ModelSnapshot;
import io.signalbox.sdk.Signal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Every endpoint with its signals and their age. */
final class EndpointsView {
  private EndpointsView() {}

  static JsonObject of(FleetSnapshot fleet, long nowNanos) {
    var models = new JsonArray();
    for (var name : fleet.models()) {
      var endpoints = new JsonArray();
      var model = fleet.model(name).orElse(ModelSnapshot.EMPTY);
      for (int position = 0; position < model.size(); position++) {
        endpoints.add(endpoint(model, position, nowNanos));
      }
      models.add(new JsonObject().put("name", name).put("endpoints", endpoints));
    }
    return new JsonObject().put("models", models);
  }

  private static JsonObject endpoint(ModelSnapshot model, int position, long nowNanos) {
    var signals = new JsonObject();
    for (var signal : Signal.values()) {
      if (signal.source() == Signal.Source.REQUEST) {
        continue;
      }
      signals.put(signal.id(), signal(model, signal, position, nowNanos));
    }
    return new JsonObject()
        .put("address", model.endpoint(position).address())
        .put("engine", model.engine(position).isEmpty() ? null : model.engine(position))
        .put("labels", new JsonObject(Map.copyOf(model.endpoint(position).labels())))
        .put("reachable", model.availability(position) != Availability.UNREACHABLE)
        .put("availability", model.availability(position).id())
        .put("signals", signals);
  }

  /**
   * A value of null is one that is unknown or too old; an age of null, one that was never sampled.
   */
  private static JsonObject signal(
      ModelSnapshot model, Signal signal, int position, long nowNanos) {
    double value = model.value(signal, position);
    return new JsonObject()
        .put("value", Double.isNaN(value) ? null : value)
        .put("unit", signal.unit())
        .put("ageMillis", ageMillis(model, signal, position, nowNanos));
  }

  private static @Nullable Long ageMillis(
      ModelSnapshot model, Signal signal, int position, long nowNanos) {
    if (signal.live()) {
      return 0L;
    }
    long at = model.sampledAtNanos(signal, position);
    return at == ModelSnapshot.NEVER ? null : TimeUnit.NANOSECONDS.toMillis(nowNanos - at);
  }
}
