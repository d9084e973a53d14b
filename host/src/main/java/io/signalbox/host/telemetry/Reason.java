package io.signalbox.host.telemetry;

/**
 * Why an answer is not the engine's own. Each is the value of the response header {@code
 * x-signalbox-reason}, the label {@code reason} of {@code signalbox_refusals_total}, the key in the
 * log, and a row in {@code docs/headers-and-errors.md}.
 */
public enum Reason {
  UNKNOWN_MODEL("unknown-model", 400, "model_not_found"),
  UNKNOWN_STRATEGY("unknown-strategy", 400, "unknown_strategy"),
  INVALID_CHAIN("invalid-chain", 400, "invalid_chain"),
  INVALID_BODY("invalid-body", 400, "invalid_body"),
  MISSING_MODEL("missing-model", 400, "missing_model"),
  BAD_REQUEST("bad-request", 400, "bad_request"),
  UNKNOWN_PATH("unknown-path", 404, "unknown_path"),
  MODEL_NOT_FOUND("model-not-found", 404, "model_not_found"),
  METHOD_NOT_ALLOWED("method-not-allowed", 405, "method_not_allowed"),
  BODY_TOO_LARGE("body-too-large", 413, "body_too_large"),
  QUEUE_FULL("queue-full", 429, "queue_full"),
  DISPLACED("displaced", 429, "displaced"),
  QUEUE_TIMEOUT("queue-timeout", 429, "queue_timeout"),
  SHED("shed", 429, "shed"),
  HEADERS_TOO_LARGE("headers-too-large", 431, "headers_too_large"),
  UNSUPPORTED_BODY_MODE("unsupported-body-mode", 500, "unsupported_body_mode"),
  INTERNAL_ERROR("internal-error", 500, "internal_error"),
  ENGINE_FAILED("engine-failed", 502, "engine_failed"),
  OVERLOADED("overloaded", 503, "service_unavailable"),
  NO_ENDPOINT("no-endpoint", 503, "service_unavailable"),
  NO_PAIR("no-pair", 503, "service_unavailable"),
  PREFILL_FAILED("prefill-failed", 503, "service_unavailable"),
  FILTERED_OUT("filtered-out", 503, "service_unavailable"),
  /** Answered with the status that the strategy asks for. */
  STRATEGY_REFUSED("strategy-refused", 503, "strategy_refused"),
  ENGINE_BUSY("engine-busy", 503, "service_unavailable"),
  ENGINE_UNREACHABLE("engine-unreachable", 503, "service_unavailable"),
  ENGINE_TIMEOUT("engine-timeout", 504, "engine_timeout"),
  /**
   * An ext_proc stream broke the protocol; ends the stream, so it never is an HTTP answer's reason.
   */
  PROTOCOL_ERROR("protocol-error", 500, "protocol_error");

  private final String id;
  private final int status;
  private final String code;

  Reason(String id, int status, String code) {
    this.id = id;
    this.status = status;
    this.code = code;
  }

  /** Kebab case. */
  public String id() {
    return id;
  }

  /** The HTTP status it is answered with. */
  public int status() {
    return status;
  }

  /** The {@code code} of the error object. */
  public String code() {
    return code;
  }

  /**
   * The {@code type} of the error object: OpenAI's word for the class of error.
   *
   * @param status the HTTP status of the answer
   */
  public static String type(int status) {
    if (status == 503 || status == 429) {
      return "overloaded_error";
    }
    return status < 500 ? "invalid_request_error" : "api_error";
  }
}
