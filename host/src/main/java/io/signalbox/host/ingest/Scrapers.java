package io.signalbox.host.ingest;

import io.signalbox.host.endpoint.Fleet;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.ingest.Scraper.Pace;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** One scraper for each address of the fleet. Belongs to the ingest's thread. */
final class Scrapers {
  private final Scraper.Setting setting;
  private final Map<String, Reader> byAddress = new HashMap<>();

  private record Reader(Scraper scraper, List<RegisteredEndpoint> endpoints) {}

  Scrapers(Scraper.Setting setting) {
    this.setting = setting;
  }

  /** Starts and stops scrapers so that there is one for each address. */
  void follow(Fleet fleet) {
    var addresses = fleet.allByAddress();
    byAddress
        .entrySet()
        .removeIf(entry -> {
          var endpoints = addresses.get(entry.getKey());
          boolean gone = endpoints == null || !entry.getValue().scraper().scrapes(endpoints);
          if (gone) {
            entry.getValue().scraper().close();
          }
          return gone;
        });
    addresses.forEach(
        (address, endpoints) -> byAddress.computeIfAbsent(address, key -> started(endpoints)));
  }

  private Reader started(List<RegisteredEndpoint> endpoints) {
    var scraper = new Scraper(setting, endpoints);
    scraper.start();
    return new Reader(scraper, List.copyOf(endpoints));
  }

  /** Reads the pages of models with traffic often, and those of others now and then. */
  void pace(Predicate<String> busy) {
    for (var reader : byAddress.values()) {
      boolean fast = false;
      for (int i = 0; i < reader.endpoints().size() && !fast; i++) {
        fast = busy.test(reader.endpoints().get(i).model());
      }
      reader.scraper().pace(fast ? Pace.FAST : Pace.IDLE);
    }
  }

  /** Reads nothing any more. */
  Future<Void> close() {
    byAddress.values().forEach(reader -> reader.scraper().close());
    byAddress.clear();
    return setting.client().close();
  }
}
