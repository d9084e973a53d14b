package io.signalbox.host.cluster;

import io.signalbox.host.strategy.RecordFields;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one replica has in flight, as the event bus carries it: {@code {v, replica, inFlight}}.
 *
 * @param replica tells replicas apart; another one after each start
 * @param inFlight requests by address; an address that is not named has none
 */
record InFlightRecord(String replica, Map<String, Integer> inFlight) {
  /** Where replicas publish it. */
  static final String ADDRESS = "signalbox.in-flight";

  /** More than any router has, so that sums stay integers. */
  static final int MOST_REQUESTS = 1_000_000;

  InFlightRecord {
    inFlight = Map.copyOf(inFlight);
  }

  JsonObject write() {
    return new JsonObject()
        .put("v", RecordFields.VERSION)
        .put("replica", replica)
        .put("inFlight", new JsonObject(new HashMap<>(inFlight)));
  }

  /**
   * Reads a record.
   *
   * @throws io.signalbox.host.strategy.RecordException when it is none
   */
  static InFlightRecord read(@Nullable Object body) {
    var fields = RecordFields.of(body);
    var members = fields.object("inFlight");
    var counts = new HashMap<String, Integer>();
    for (var address : members.json().fieldNames()) {
      counts.put(address, members.integer(address, 0, MOST_REQUESTS));
    }
    return new InFlightRecord(fields.requiredText("replica"), counts);
  }
}
