package io.signalbox.host.extproc;

import io.signalbox.envoy.extproc.v3.HeaderMutation;
import io.signalbox.host.config.Dialect;
import io.signalbox.host.request.Refusal;
import io.signalbox.host.telemetry.Reason;
import org.jspecify.annotations.Nullable;

/** What the headers of an error say, beside ours, to clients of AIBrix and of endpoint pickers. */
final class ErrorHeaders {
  private static final String DROPPED = "x-llm-d-request-dropped-reason";
  private static final String TRUE = "true";

  private ErrorHeaders() {}

  static void add(
      Refusal refusal, @Nullable String model, Dialect dialect, HeaderMutation.Builder to) {
    if (dialect.speaksAibrix()) {
      var name = aibrix(refusal.reason());
      if (name != null) {
        to.addSetHeaders(Answers.set(name, value(refusal.reason(), model)));
      }
    }
    if (dialect.speaksEndpointPicker()) {
      var dropped = dropped(refusal.reason());
      if (dropped != null) {
        to.addSetHeaders(Answers.set(DROPPED, dropped));
      }
    }
  }

  private static @Nullable String aibrix(Reason reason) {
    return switch (reason) {
      case INVALID_BODY, MISSING_MODEL, BAD_REQUEST, UNKNOWN_PATH, METHOD_NOT_ALLOWED ->
          "x-error-request-body-processing";
      case UNKNOWN_MODEL, NO_ENDPOINT -> "x-error-no-model-backends";
      case UNKNOWN_STRATEGY,
          INVALID_CHAIN,
          NO_PAIR,
          PREFILL_FAILED,
          FILTERED_OUT,
          STRATEGY_REFUSED,
          QUEUE_FULL,
          DISPLACED,
          QUEUE_TIMEOUT ->
          "x-error-routing";
      case MODEL_NOT_FOUND,
          BODY_TOO_LARGE,
          HEADERS_TOO_LARGE,
          UNSUPPORTED_BODY_MODE,
          INTERNAL_ERROR,
          ENGINE_FAILED,
          OVERLOADED,
          ENGINE_BUSY,
          ENGINE_UNREACHABLE,
          ENGINE_TIMEOUT,
          SHED,
          PROTOCOL_ERROR ->
          null;
    };
  }

  /** AIBrix names an unknown model; a name that no header can carry is left out. */
  private static String value(Reason reason, @Nullable String model) {
    return reason == Reason.UNKNOWN_MODEL && model != null && isVisible(model) ? model : TRUE;
  }

  private static boolean isVisible(String text) {
    return text.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }

  private static @Nullable String dropped(Reason reason) {
    return switch (reason) {
      case NO_ENDPOINT, FILTERED_OUT, NO_PAIR -> "rejected-no-endpoints";
      case SHED, QUEUE_FULL, DISPLACED, OVERLOADED -> "rejected-saturated";
      case QUEUE_TIMEOUT -> "rejected-ttl-expired";
      case UNKNOWN_MODEL,
          UNKNOWN_STRATEGY,
          INVALID_CHAIN,
          INVALID_BODY,
          MISSING_MODEL,
          BAD_REQUEST,
          UNKNOWN_PATH,
          MODEL_NOT_FOUND,
          METHOD_NOT_ALLOWED,
          BODY_TOO_LARGE,
          HEADERS_TOO_LARGE,
          UNSUPPORTED_BODY_MODE,
          INTERNAL_ERROR,
          ENGINE_FAILED,
          STRATEGY_REFUSED,
          PREFILL_FAILED,
          ENGINE_BUSY,
          ENGINE_UNREACHABLE,
          ENGINE_TIMEOUT,
          PROTOCOL_ERROR ->
          null;
    };
  }
}
