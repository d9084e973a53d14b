package io.signalbox.host.signals;

import java.util.Locale;

/** Whether an endpoint can be a candidate, or what keeps it from that. */
public enum Availability {
  /** It is a candidate. */
  READY,
  /** It was ejected, and gets one request at a time until one of them succeeds. */
  HALF_OPEN,
  /** Its engine says that it sleeps. */
  SLEEPING,
  /** It does not answer health checks as it should. */
  UNHEALTHY,
  /** Requests failed there, one after the other. */
  EJECTED,
  /** It took no connection at the last try. */
  UNREACHABLE;

  /** Whether it is a candidate, be it for one request at a time. */
  public boolean takesRequests() {
    return switch (this) {
      case READY, HALF_OPEN -> true;
      case SLEEPING, UNHEALTHY, EJECTED, UNREACHABLE -> false;
    };
  }

  /** Kebab case: in the admin API and in records on the event bus. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
