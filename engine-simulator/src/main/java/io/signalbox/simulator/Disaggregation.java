package io.signalbox.simulator;

/**
 * The part an engine plays in prefill/decode pairs. It takes no other requests then: a prefill
 * engine computes prompts and generates one token, a decode engine answers requests whose prompt a
 * prefill engine computed before, and refuses those that do not say truly where.
 *
 * @param fabric shared by the engines that hand prompts over to each other
 */
public record Disaggregation(Part part, Protocol protocol, TransferFabric fabric) {
  /** What the engine does of a request. */
  public enum Part {
    PREFILL,
    DECODE
  }

  /** How engines tell each other. */
  public enum Protocol {
    /** vLLM's NixlConnector: {@code kv_transfer_params} of the prefill answer. */
    NIXL,
    /** vLLM's connectors to a store: the prompt itself says what is there. */
    SHARED_STORAGE,
    /**
     * vLLM's MooncakeConnector: {@code kv_transfer_params} with a transfer that both know. The
     * bootstrap server is the engine's own port.
     */
    MOONCAKE,
    /** SGLang: a {@code bootstrap_room} that both know; prefill waits for decode to come there. */
    SGLANG,
    /** TensorRT-LLM: {@code disaggregated_params} of the prefill answer. */
    TENSORRT_LLM
  }
}
