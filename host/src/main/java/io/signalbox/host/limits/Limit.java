package io.signalbox.host.limits;

import io.signalbox.host.telemetry.Reason;

/** What is limited; each is a label of meters. */
enum Limit {
  REQUESTS_PER_MINUTE("requests-per-minute", Reason.REQUEST_LIMIT),
  REQUESTS_PER_SECOND("requests-per-second", Reason.REQUEST_LIMIT),
  TOKENS_PER_MINUTE("tokens-per-minute", Reason.TOKEN_LIMIT),
  CONCURRENCY("concurrency", Reason.CONCURRENCY_LIMIT);

  private final String id;
  private final Reason reason;

  Limit(String id, Reason reason) {
    this.id = id;
    this.reason = reason;
  }

  /** As the configuration calls it. */
  String id() {
    return id;
  }

  /** Why a request is refused that reaches it. */
  Reason reason() {
    return reason;
  }
}
