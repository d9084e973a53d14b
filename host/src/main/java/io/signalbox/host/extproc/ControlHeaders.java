package io.signalbox.host.extproc;

import io.signalbox.envoy.extproc.v3.HeaderMap;
import io.signalbox.envoy.extproc.v3.HeaderMutation;
import io.signalbox.host.chain.Router;
import io.signalbox.host.request.AnswerHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The headers by which proxies, routers and engines steer requests, and which no client may set.
 */
final class ControlHeaders {
  static final String DESTINATION = "x-gateway-destination-endpoint";
  static final String SUBSET = DESTINATION + "-subset";
  static final String SERVED = DESTINATION + "-served";

  /** Names the endpoint that computes the prompt, for the side-car of the one that goes on. */
  static final String PREFILL = "x-prefiller-host-port";

  static final String REWRITE = "x-llm-d-model-name-rewrite";
  static final String REWRITE_BEFORE = "x-gateway-model-name-rewrite";

  /** The model, as a body-based router before us found it; routes match it, so it stays. */
  static final String MODEL = "x-gateway-model-name";

  /** Those that name an address: removed unseen, since the proxy may keep headers from us. */
  private static final List<String> ADDRESSES =
      List.of(
          AnswerHeaders.TARGET,
          DESTINATION,
          SUBSET,
          SERVED,
          DESTINATION + "-fallback",
          PREFILL,
          "x-encoder-hosts-ports",
          "x-data-parallel-host-port",
          "x-kv-cache-source-host-port");

  /** Those that say something else: removed where they are. */
  private static final Set<String> OTHERS =
      Set.of(
          Router.OBJECTIVE_HEADER,
          Router.OBJECTIVE_HEADER_BEFORE,
          REWRITE,
          REWRITE_BEFORE,
          "x-llm-d-inference-fairness-id",
          "x-gateway-inference-fairness-id",
          "x-llm-d-slo-ttft-ms",
          "x-llm-d-slo-tpot-ms",
          "x-llm-d-request-dropped-reason",
          "epp-profile",
          "model",
          "external-filter",
          "x-went-into-req-headers",
          "target-pod-ip",
          "prefill-target-pod",
          "prefill-target-pod-ip");

  /** Of an answer: what only we say. */
  private static final Set<String> OURS = Set.of(AnswerHeaders.REASON, AnswerHeaders.DEGRADED);

  /** What is removed from a request that has nothing of {@link #OTHERS}, as most have. */
  static final HeaderMutation ADDRESSES_REMOVED =
      HeaderMutation.newBuilder().addAllRemoveHeaders(ADDRESSES).build();

  static final HeaderMutation NOTHING = HeaderMutation.getDefaultInstance();

  private ControlHeaders() {}

  /** Removes from a request what its client may not say. */
  static HeaderMutation removed(HeaderMap request) {
    var found = found(request, OTHERS);
    return found.isEmpty()
        ? ADDRESSES_REMOVED
        : ADDRESSES_REMOVED.toBuilder().addAllRemoveHeaders(found).build();
  }

  /** Removes from an engine's answer what is ours to say. */
  static void removeOurs(HeaderMap answer, HeaderMutation.Builder changes) {
    changes.addAllRemoveHeaders(found(answer, OURS));
  }

  private static List<String> found(HeaderMap headers, Set<String> names) {
    List<String> found = List.of();
    for (int i = 0; i < headers.getHeadersCount(); i++) {
      var name = headers.getHeaders(i).getKey();
      if (names.contains(name)) {
        found = found.isEmpty() ? new ArrayList<>() : found;
        found.add(name);
      }
    }
    return found;
  }
}
