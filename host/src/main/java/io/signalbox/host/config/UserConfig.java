package io.signalbox.host.config;

import java.util.List;
import java.util.Optional;

/**
 * Somebody who may send requests.
 *
 * @param name what the user is called; each once
 * @param keyHashes SHA-256 of the user's API keys, in lower-case hexadecimal digits; there may be
 *     several, so that keys can be replaced one after the other
 * @param limits what the user may take; empty: as all users
 */
public record UserConfig(String name, List<String> keyHashes, Optional<LimitsConfig> limits) {
  public UserConfig {
    keyHashes = List.copyOf(keyHashes);
  }

  /** Without the hashes. */
  @Override
  public String toString() {
    return "UserConfig[name=%s, keys=%d, limits=%s]".formatted(name, keyHashes.size(), limits);
  }
}
