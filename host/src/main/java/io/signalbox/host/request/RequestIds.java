package io.signalbox.host.request;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * Makes the ids of exchanges: 128 random bits as 32 hexadecimal digits. Ours alone, never taken
 * from the client, so no two exchanges share one. For one thread.
 */
public final class RequestIds {
  private static final HexFormat HEX = HexFormat.of();

  private final RandomGenerator random;

  public RequestIds(RandomGenerator random) {
    this.random = random;
  }

  /** A new id. */
  public String next() {
    return HEX.toHexDigits(random.nextLong()) + HEX.toHexDigits(random.nextLong());
  }
}
