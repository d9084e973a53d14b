package io.signalbox.host.config;

import java.time.Duration;
import java.util.Map;

/**
 * How a model's prefill and decode endpoints work together.
 *
 * @param timeout of one prefill call, connecting included
 * @param bootstrapPort where decode engines find prefill engines in some dialects; a label of the
 *     prefill endpoint may say otherwise
 */
public record PrefillDecodeConfig(TransferDialect dialect, Duration timeout, int bootstrapPort) {
  /** All defaults. */
  public static final PrefillDecodeConfig DEFAULT =
      new PrefillDecodeConfig(TransferDialect.SIDECAR, Duration.ofSeconds(30), 8998);

  /** The label that names the bootstrap port of an endpoint. */
  public static final String BOOTSTRAP_PORT_LABEL = "bootstrap-port";

  /** AIBrix' name for it. */
  static final String AIBRIX_BOOTSTRAP_PORT_LABEL = "model.aibrix.ai/sglang-bootstrap-port";

  /** Whether prefill endpoints are called by us. */
  public boolean calls() {
    return dialect != TransferDialect.SIDECAR;
  }

  /** The bootstrap port of an endpoint with these labels. */
  public int bootstrapPort(Map<String, String> labels) {
    var own = labels.get(BOOTSTRAP_PORT_LABEL);
    var aibrix = own == null ? labels.get(AIBRIX_BOOTSTRAP_PORT_LABEL) : own;
    // What is read from a configuration is a port.
    return aibrix == null ? bootstrapPort : Integer.parseInt(aibrix);
  }
}
