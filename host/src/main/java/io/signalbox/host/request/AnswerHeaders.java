package io.signalbox.host.request;

/** The headers of ours. Names are lower case. */
public final class AnswerHeaders {
  /** Request and response: the chosen endpoint, {@code ip:port}. */
  public static final String TARGET = "target-pod";

  /** Response: the chain that decided, in its canonical text. */
  public static final String STRATEGY = "routing-strategy";

  /** Response: our id of the exchange. */
  public static final String REQUEST_ID = "request-id";

  /** Request to the engine: our id of the exchange, unless the client sent one of its own. */
  public static final String ENGINE_REQUEST_ID = "x-request-id";

  /** Response: why the answer is not the engine's own. */
  public static final String REASON = "x-signalbox-reason";

  /** Response: what of the decision did not go as its chain says. */
  public static final String DEGRADED = "x-signalbox-degraded";

  /** Response: why this endpoint, where the request asks for it. */
  public static final String EXPLANATION = "x-signalbox-explanation";

  /** The media type of every body of ours. */
  public static final String JSON = "application/json";

  private AnswerHeaders() {}
}
