package io.signalbox.host.request;

import io.signalbox.host.request.ScanResult.Scanned;
import io.signalbox.sdk.RouteRequest;
import org.jspecify.annotations.Nullable;

/**
 * A request as strategies see it: what the body said, and the headers.
 *
 * @param headers finds a header's first value by its lower-case name
 */
public record InferenceRequest(Scanned body, HeaderLookup headers) implements RouteRequest {
  /** Finds headers wherever a front door keeps them. */
  @FunctionalInterface
  public interface HeaderLookup {
    /**
     * The first value, or null where there is none.
     *
     * @param name lower case
     */
    @Nullable String first(String name);
  }

  @Override
  public String model() {
    return body.model();
  }

  @Override
  public @Nullable String user() {
    return body.user();
  }

  @Override
  public boolean stream() {
    return body.stream();
  }

  @Override
  public @Nullable String header(String name) {
    return headers.first(name);
  }
}
