package io.signalbox.strategies;

import io.signalbox.sdk.Endpoint;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The session ids that name endpoints. An id depends on the address alone (and on the key), so
 * every router gives and understands the same ones. For one thread.
 */
final class SessionIds {
  /** More endpoints than a model has; what is dropped is made again. */
  private static final int MAX_REMEMBERED = 4_096;

  private final Format format;
  private final Map<String, String> byAddress = new HashMap<>();

  private SessionIds(Format format) {
    this.format = format;
  }

  /** How an address becomes an id. */
  @FunctionalInterface
  private interface Format {
    String id(byte[] address);
  }

  /** The ids of AIBrix: the address in standard base64. Anyone can read and write them. */
  static SessionIds readable() {
    return new SessionIds(Base64.getEncoder()::encodeToString);
  }

  /**
   * Ids that tell nothing to those without the key: HMAC-SHA256 of the address, in base64url.
   *
   * @param key never shown to anyone
   */
  static SessionIds signed(String key) {
    var mac = mac(key.getBytes(StandardCharsets.UTF_8));
    var encoder = Base64.getUrlEncoder().withoutPadding();
    return new SessionIds(
        address -> encoder.encodeToString(Arrays.copyOf(mac.doFinal(address), 16)));
  }

  private static Mac mac(byte[] key) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }

  /** The id that names an endpoint. */
  String of(Endpoint endpoint) {
    var known = byAddress.get(endpoint.address());
    return known == null ? remembered(endpoint.address()) : known;
  }

  private String remembered(String address) {
    if (byAddress.size() == MAX_REMEMBERED) {
      byAddress.clear();
    }
    var id = format.id(address.getBytes(StandardCharsets.US_ASCII));
    byAddress.put(address, id);
    return id;
  }

  /** Whether an id from a client names the endpoint; takes the same time wherever they differ. */
  boolean names(String given, Endpoint endpoint) {
    var id = of(endpoint);
    if (given.length() != id.length()) {
      return false;
    }
    int difference = 0;
    for (int i = 0; i < id.length(); i++) {
      difference |= id.charAt(i) ^ given.charAt(i);
    }
    return difference == 0;
  }
}
