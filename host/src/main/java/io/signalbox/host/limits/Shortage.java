package io.signalbox.host.limits;

/**
 * What a request found used up.
 *
 * @param waitNanos in how long there will be enough; {@link #UNKNOWN} where that depends on others,
 *     {@link #NEVER} where the request is larger than the limit
 */
record Shortage(Limit limit, long waitNanos) {
  static final long UNKNOWN = -1;
  static final long NEVER = -2;
}
