package io.signalbox.host.request;

import io.signalbox.host.config.Dialect;
import io.signalbox.host.telemetry.Reason;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What answers say, beside our own headers, to clients of AIBrix and of endpoint pickers. */
public final class DialectHeaders {
  private static final String DROPPED = "x-llm-d-request-dropped-reason";
  private static final String TRUE = "true";

  private DialectHeaders() {}

  /**
   * Those of an engine's answer.
   *
   * @param address of the endpoint that answered
   * @param to takes names and values
   */
  public static void ofAnswer(String address, Dialect dialect, BiConsumer<String, String> to) {
    if (dialect.speaksAibrix()) {
      to.accept("x-went-into-req-headers", TRUE);
      to.accept("target-pod-ip", address);
    }
    if (dialect.speaksEndpointPicker()) {
      ofAnyAnswer(dialect, to);
      to.accept(SteeringHeaders.SERVED, address);
    }
  }

  /** Those of an answer that no decision of ours led to. */
  public static void ofAnyAnswer(Dialect dialect, BiConsumer<String, String> to) {
    if (dialect.speaksEndpointPicker()) {
      to.accept("x-went-into-resp-headers", TRUE);
    }
  }

  /** Names the host of the prefill endpoint. */
  public static void ofPrefill(String host, Dialect dialect, BiConsumer<String, String> to) {
    if (dialect.speaksAibrix()) {
      to.accept("prefill-target-pod-ip", host);
    }
  }

  /**
   * Those of an error of ours.
   *
   * @param model the one asked for; null where that is not known
   */
  public static void ofRefusal(
      Refusal refusal, @Nullable String model, Dialect dialect, BiConsumer<String, String> to) {
    if (dialect.speaksAibrix()) {
      var name = aibrix(refusal.reason());
      if (name != null) {
        to.accept(name, value(refusal.reason(), model));
      }
    }
    if (dialect.speaksEndpointPicker()) {
      var dropped = dropped(refusal.reason());
      if (dropped != null) {
        to.accept(DROPPED, dropped);
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
      // What AIBrix calls limits, those who limit say themselves.
      case INVALID_API_KEY,
          UNKNOWN_USER,
          REQUEST_LIMIT,
          TOKEN_LIMIT,
          CONCURRENCY_LIMIT,
          ENDPOINT_LIMIT,
          LIMITS_AWAY,
          MODEL_NOT_FOUND,
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
      case SHED, QUEUE_FULL, DISPLACED, OVERLOADED, ENDPOINT_LIMIT -> "rejected-saturated";
      case QUEUE_TIMEOUT -> "rejected-ttl-expired";
      case UNKNOWN_MODEL,
          UNKNOWN_STRATEGY,
          INVALID_CHAIN,
          INVALID_BODY,
          MISSING_MODEL,
          BAD_REQUEST,
          INVALID_API_KEY,
          UNKNOWN_USER,
          REQUEST_LIMIT,
          TOKEN_LIMIT,
          CONCURRENCY_LIMIT,
          LIMITS_AWAY,
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
