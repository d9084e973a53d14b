package io.signalbox.host.ingest;

import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.signals.Availability;
import io.signalbox.host.signals.FleetSnapshot;
import io.signalbox.host.signals.ModelSnapshot;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Tells on the event bus, at {@value #ADDRESS}, which endpoints there are, and which of them can be
 * candidates. Belongs to the ingest's thread.
 */
public final class EndpointEvents {
  /** The event-bus address it is told at. */
  public static final String ADDRESS = "signalbox.endpoints";

  private static final int VERSION = 1;

  private final EventBus bus;
  private final LongSupplier epochMillis;
  private Map<RegisteredEndpoint, Known> known = Map.of();
  private FleetSnapshot told = FleetSnapshot.EMPTY;

  /** What was told of an endpoint last. */
  private record Known(RegisteredEndpoint endpoint, Availability availability, String engine) {
    private boolean sameAs(Known other) {
      return endpoint.labels().equals(other.endpoint.labels())
          && availability == other.availability
          && engine.equals(other.engine);
    }
  }

  private enum Event {
    ADDED,
    CHANGED,
    GONE
  }

  EndpointEvents(EventBus bus, LongSupplier epochMillis) {
    this.bus = bus;
    this.epochMillis = epochMillis;
  }

  /** Tells what differs from the last time. */
  void tell(FleetSnapshot snapshot) {
    if (snapshot.equals(told)) {
      return;
    }
    told = snapshot;
    var now = HashMap.<RegisteredEndpoint, Known>newHashMap(known.size());
    snapshot
        .models()
        .forEach(model -> collect(snapshot.model(model).orElse(ModelSnapshot.EMPTY), now));
    known.forEach((endpoint, its) -> {
      if (!now.containsKey(endpoint)) {
        publish(Event.GONE, its);
      }
    });
    now.forEach((endpoint, its) -> {
      var before = known.get(endpoint);
      if (before == null) {
        publish(Event.ADDED, its);
      } else if (!before.sameAs(its)) {
        publish(Event.CHANGED, its);
      }
    });
    known = now;
  }

  private static void collect(ModelSnapshot model, Map<RegisteredEndpoint, Known> into) {
    for (int i = 0; i < model.size(); i++) {
      var endpoint = model.endpoint(i);
      into.put(endpoint, new Known(endpoint, model.availability(i), model.engine(i)));
    }
  }

  private void publish(Event event, Known its) {
    var labels = new JsonObject();
    its.endpoint().labels().forEach(labels::put);
    bus.publish(
        ADDRESS,
        new JsonObject()
            .put("v", VERSION)
            .put("event", event.name().toLowerCase(Locale.ROOT))
            .put("endpoint", its.endpoint().address())
            .put("model", its.endpoint().model())
            .put("labels", labels)
            .put("engine", its.engine().isEmpty() ? null : its.engine())
            .put("availability", its.availability().id())
            .put("at", epochMillis.getAsLong()));
  }
}
