package io.signalbox.host.limits;

import io.signalbox.host.config.Secrets;
import io.signalbox.host.request.RequestHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The key that a request shows.
 *
 * @param header where it stands, in lower case
 */
record Credentials(String header, String key) {
  private static final String AUTHORIZATION = "authorization";
  private static final String API_KEY = "x-api-key";

  /** The one of {@code authorization}, else that of {@code x-api-key}; null where there is none. */
  static @Nullable Credentials of(RequestHeaders headers) {
    var bearer = Secrets.bearer(headers.first(AUTHORIZATION));
    if (bearer != null) {
      return new Credentials(AUTHORIZATION, bearer);
    }
    var key = headers.first(API_KEY);
    return key == null ? null : new Credentials(API_KEY, key.strip());
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "Credentials[header=" + header + "]";
  }
}
