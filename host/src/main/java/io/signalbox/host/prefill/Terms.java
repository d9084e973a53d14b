package io.signalbox.host.prefill;

import java.util.Map;

/**
 * What the two engines of a pair are told before either has answered, as members of their requests
 * with JSON texts as values.
 *
 * @param prefill members of the prefill request
 * @param decode members of the decode request; empty where they come out of the prefill answer
 * @param headers of the prefill request
 */
record Terms(Map<String, String> prefill, Map<String, String> decode, Map<String, String> headers) {
  /** Only the prefill engine is told something. */
  static Terms ofPrefill(Map<String, String> members) {
    return new Terms(members, Map.of(), Map.of());
  }
}
