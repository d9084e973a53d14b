package io.signalbox.host.config;

/** How the engines of a prefill/decode pair hand over what was computed of a prompt. */
public enum TransferDialect {
  /** A side-car of the decode engine calls the prefill engine; we only name it. */
  SIDECAR,
  /** vLLM's NixlConnector: the prefill answer says where its blocks are. */
  NIXL,
  /** A store that both engines reach, and find what they need in by themselves. */
  SHARED_STORAGE,
  /** vLLM's MooncakeConnector: both are told a transfer, and find each other. */
  MOONCAKE,
  /** SGLang: both are told a room, and find each other. */
  SGLANG,
  /** TensorRT-LLM: the context answer has what the generation request needs. */
  TENSORRT_LLM
}
