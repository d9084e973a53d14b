package io.signalbox.host.limits;

import io.signalbox.host.config.Secrets;
import io.signalbox.host.config.UserConfig;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whose key it is. Only hashes are known here. They are found by their beginning and compared whole
 * in constant time: how long that takes tells nothing of a key, whose hash nobody can choose.
 * Immutable.
 */
final class KeyRing {
  /** No key is longer. */
  private static final int MOST_CHARACTERS = 1024;

  private final Map<Long, List<Entry>> byBeginning = new HashMap<>();

  private static final class Entry {
    private final byte[] hash;
    private final String user;

    Entry(byte[] hash, String user) {
      this.hash = hash;
      this.user = user;
    }

    boolean is(byte[] other) {
      return MessageDigest.isEqual(hash, other);
    }
  }

  KeyRing(List<UserConfig> users) {
    for (var user : users) {
      for (var hex : user.keyHashes()) {
        var hash = HexFormat.of().parseHex(hex);
        byBeginning
            .computeIfAbsent(beginning(hash), beginning -> new ArrayList<>())
            .add(new Entry(hash, user.name()));
      }
    }
  }

  /** The user with this key; null where nobody has it. */
  @Nullable String owner(String key) {
    if (key.length() > MOST_CHARACTERS) {
      return null;
    }
    var hash = Secrets.hash(key);
    String owner = null;
    for (var entry : byBeginning.getOrDefault(beginning(hash), List.of())) {
      owner = entry.is(hash) ? entry.user : owner;
    }
    return owner;
  }

  private static long beginning(byte[] hash) {
    return ByteBuffer.wrap(hash).getLong();
  }
}
