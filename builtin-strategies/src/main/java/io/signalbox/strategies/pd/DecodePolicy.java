package io.signalbox.strategies.pd;

/** How decode endpoints are compared; the lower score is the better. */
public enum DecodePolicy {
  /** Requests in flight and tokens per second against the KV cache that is free. */
  LOAD_BALANCING,
  /** Requests in flight. */
  LEAST_REQUEST,
  /** Milliseconds to the next token. */
  CONDUCTOR;

  /** What is taken for the cost of a token where none is known, in milliseconds. */
  private static final double USUAL_TOKEN_MILLIS = 20;

  private static final double NEARLY_FULL = 0.9;
  private static final double NEARLY_FULL_FACTOR = 1.5;

  /**
   * By the name in chains, or AIBrix' name with an underscore.
   *
   * @throws IllegalArgumentException for another name
   */
  public static DecodePolicy of(String name) {
    return switch (name.replace('_', '-')) {
      case "load-balancing" -> LOAD_BALANCING;
      case "least-request" -> LEAST_REQUEST;
      case "conductor" -> CONDUCTOR;
      default ->
          throw new IllegalArgumentException(
              "\"decode-policy\" must be load-balancing, least-request or conductor, not \""
                  + name
                  + "\"");
    };
  }

  /**
   * The score of conductor: the more requests share the endpoint, the longer a token takes. AIBrix
   * has it the other way round, so that busy endpoints are preferred.
   *
   * @param runningShare requests in flight, as a share of the most
   * @param tokenMillis NaN: 20
   * @param kvUsage 0 to 1
   */
  static double conductor(double runningShare, double tokenMillis, double kvUsage) {
    double each = Double.isFinite(tokenMillis) ? tokenMillis : USUAL_TOKEN_MILLIS;
    return each * (1 + runningShare) * (kvUsage > NEARLY_FULL ? NEARLY_FULL_FACTOR : 1);
  }
}
