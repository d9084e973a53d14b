package io.signalbox.host.request;

import io.signalbox.host.telemetry.Door;
import io.signalbox.host.telemetry.DoorMetrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts and logs each refusal, once, at the door that answers with it. */
public final class RefusalLog {
  private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);

  private final Door door;
  private final DoorMetrics metrics;

  public RefusalLog(Door door, DoorMetrics metrics) {
    this.door = door;
    this.metrics = metrics;
  }

  /** Takes note of a refusal that is being answered. */
  public void refused(Refusal refusal, String requestId) {
    metrics.refused(refusal.reason());
    LOG.atInfo()
        .addKeyValue("door", door.id())
        .addKeyValue("reason", refusal.reason().id())
        .addKeyValue("request-id", requestId)
        .log("refused: {}", printable(refusal.message()));
  }

  /** Names in messages come from clients: nothing in them may forge a line of the log. */
  private static String printable(String message) {
    return message.codePoints().allMatch(RefusalLog::isPrintable)
        ? message
        : message
            .codePoints()
            .map(c -> isPrintable(c) ? c : '?')
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
  }

  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          false;
      default -> true;
    };
  }
}
