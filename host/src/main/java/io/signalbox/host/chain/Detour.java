package io.signalbox.host.chain;

import java.util.HashSet;
import java.util.Set;

/**
 * What failed a request, and is left aside when it is decided again.
 *
 * @param addresses nobody there is chosen, for whatever part
 * @param pairs whether a pair of endpoints may serve it
 */
public record Detour(Set<String> addresses, Pairs pairs) {
  /** Whether pairs of endpoints are still of use to a request. */
  public enum Pairs {
    ALLOWED,
    /** Those chosen before failed: an endpoint that does both parts is wanted. */
    FAILED
  }

  /** Around nothing. */
  public static final Detour NONE = new Detour(Set.of(), Pairs.ALLOWED);

  public Detour {
    addresses = Set.copyOf(addresses);
  }

  /** One address. */
  public static Detour around(String address) {
    return NONE.and(address);
  }

  /** This, and around one address more. */
  public Detour and(String address) {
    var all = new HashSet<>(addresses);
    all.add(address);
    return new Detour(all, pairs);
  }
}
