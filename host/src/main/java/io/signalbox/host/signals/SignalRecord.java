package io.signalbox.host.signals;

import io.signalbox.host.config.EngineSignals;
import io.signalbox.host.strategy.RecordException;
import io.signalbox.host.strategy.RecordFields;
import io.signalbox.sdk.Signal;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One sample as others publish it on the event bus at {@value #ADDRESS}: {@code {v, endpoint,
 * model?, signal, value, at}}.
 *
 * @param endpoint the address, as {@code /endpoints} shows it
 * @param model empty: all models of the endpoint
 * @param value one that the signal can have
 * @param atMillis when it was taken, in milliseconds since 1970
 */
public record SignalRecord(
    String endpoint, Optional<String> model, Signal signal, double value, double atMillis) {
  /** The event-bus address samples are published at. */
  public static final String ADDRESS = "signalbox.signals";

  /** Of the record. */
  public static final int VERSION = 1;

  /**
   * Reads a record.
   *
   * @throws RecordException which says what is wrong and where
   */
  public static SignalRecord read(@Nullable Object json) {
    var fields = RecordFields.of(json);
    var endpoint = fields.requiredText("endpoint");
    var model = fields.text("model");
    var signal = signal(fields);
    double value =
        fields.number("value").orElseThrow(() -> fields.wrongKind("value", "a number", null));
    if (Double.isNaN(Plausibility.checked(signal, value))) {
      throw fields.wrong(
          "value",
          "must be "
              + (signal.unit().equals("ratio") ? "from 0 to 1" : "at least 0 and finite")
              + " for "
              + signal.id()
              + ", not "
              + value);
    }
    double at = fields.number("at").orElseThrow(() -> fields.wrongKind("at", "a number", null));
    return new SignalRecord(endpoint, model, signal, value, at);
  }

  private static Signal signal(RecordFields fields) {
    return EngineSignals.find(fields.requiredText("signal"))
        .orElseThrow(() -> fields.wrong("signal", "must be one of " + EngineSignals.ids()));
  }

  /** As it is published. */
  public JsonObject json() {
    var json = new JsonObject().put("v", VERSION).put("endpoint", endpoint);
    model.ifPresent(name -> json.put("model", name));
    return json.put("signal", signal.id()).put("value", value).put("at", (long) atMillis);
  }
}
