package io.signalbox.host.config;

/** Whose words the ext_proc door speaks: which headers and metadata carry a decision. */
public enum Dialect {
  /** Those of AIBrix' gateway: {@code target-pod} and what goes with it. */
  AIBRIX,
  /** Those of endpoint pickers of the Gateway API inference extension. */
  ENDPOINT_PICKER,
  /** Both at once. */
  BOTH;

  /** Whether {@code target-pod} names the endpoint. */
  public boolean speaksAibrix() {
    return this != ENDPOINT_PICKER;
  }

  /** Whether {@code x-gateway-destination-endpoint} names the endpoint. */
  public boolean speaksEndpointPicker() {
    return this != AIBRIX;
  }
}
