package io.signalbox.host.chain;

import java.util.Map;
import java.util.Optional;

/**
 * The chain that decides a request.
 *
 * @param profile the profile whose chain it is; empty where something else chose it
 * @param headers what the answer says of the choice
 */
record ChosenChain(Chain chain, Optional<String> profile, Map<String, String> headers) {
  /** A chain that no profile chose. */
  ChosenChain(Chain chain) {
    this(chain, Optional.empty(), Map.of());
  }
}
