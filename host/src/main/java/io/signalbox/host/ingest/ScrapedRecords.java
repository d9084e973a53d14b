package io.signalbox.host.ingest;

import io.signalbox.host.signals.Plausibility;
import io.signalbox.host.signals.SignalRecord;
import io.vertx.core.json.JsonArray;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** What was read from an engine, as others publish it. */
final class ScrapedRecords {
  private ScrapedRecords() {}

  /** The records of a reading; values that cannot be are left out. */
  static JsonArray of(Scraper.Reading reading, LongSupplier nanoTime, LongSupplier epochMillis) {
    long age = TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - reading.atNanos());
    double at = epochMillis.getAsLong() - age;
    var records = new JsonArray();
    for (int i = 0; i < reading.endpoints().size(); i++) {
      var endpoint = reading.endpoints().get(i);
      reading
          .read()
          .findings()
          .get(i)
          .values()
          .forEach((signal, value) -> {
            double checked = Plausibility.checked(signal, value);
            if (!Double.isNaN(checked)) {
              records.add(
                  new SignalRecord(
                          endpoint.address(), Optional.of(endpoint.model()), signal, checked, at)
                      .json());
            }
          });
    }
    return records;
  }
}
