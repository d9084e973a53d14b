package io.signalbox.host.request;

import java.util.List;
import java.util.Set;

/**
 * The headers by which proxies, routers and engines steer requests: no engine sees what a client
 * says in them.
 */
public final class SteeringHeaders {
  /** Names the chosen endpoint to proxies that speak the endpoint-picker protocol. */
  public static final String DESTINATION = "x-gateway-destination-endpoint";

  public static final String SUBSET = DESTINATION + "-subset";
  public static final String SERVED = DESTINATION + "-served";

  /** Names the endpoint that computes the prompt, for the side-car of the one that goes on. */
  public static final String PREFILL = "x-prefiller-host-port";

  public static final String REWRITE = "x-llm-d-model-name-rewrite";
  public static final String REWRITE_BEFORE = "x-gateway-model-name-rewrite";

  /** Says which objective of the configuration a request has. */
  public static final String OBJECTIVE = "x-llm-d-inference-objective";

  /** The same in proxies and clients of last year. */
  public static final String OBJECTIVE_BEFORE = "x-gateway-inference-objective";

  /** Those that name an address. */
  public static final List<String> ADDRESSES =
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

  /** Those that say something else. */
  public static final Set<String> OTHERS =
      Set.of(
          OBJECTIVE,
          OBJECTIVE_BEFORE,
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

  private SteeringHeaders() {}
}
