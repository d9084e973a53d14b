package io.signalbox.host.gateway;

import io.signalbox.host.request.RequestHeaders;
import io.vertx.core.MultiMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The headers of a client's request; nobody changes them once they have arrived. */
record ClientHeaders(MultiMap headers) implements RequestHeaders {
  @Override
  public @Nullable String first(String name) {
    return headers.get(name);
  }

  @Override
  public Map<String, String> all() {
    var all = new TreeMap<String, String>();
    for (var header : headers) {
      all.merge(
          header.getKey().toLowerCase(Locale.ROOT),
          header.getValue(),
          (one, other) -> one + ", " + other);
    }
    return all;
  }
}
