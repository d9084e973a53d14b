package io.signalbox.host;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What was seen in a soak. Times are those of {@link System#nanoTime()}.
 *
 * @param engines the addresses of all engines
 * @param windows when which engine was not well
 * @param failures every answer that was not what the client wanted
 * @param notices each fault, and whether it was announced
 * @param footprints of the host's process, at even distances
 * @param log the lines of the host's log
 */
record SoakRecord(
    List<String> engines,
    List<Window> windows,
    List<Failure> failures,
    List<Notice> notices,
    List<Footprint> footprints,
    List<String> log,
    Totals totals) {

  /** An engine that could not be relied on, from before the fault until it was taken back. */
  record Window(String engine, SoakFault fault, long from, long to) {
    boolean overlaps(Failure failure) {
      return from <= failure.to() && to >= failure.from();
    }
  }

  /**
   * A request that failed.
   *
   * @param sent how it was sent: the door, and whether the answer was to be a stream
   * @param began whether any of the answer had come
   * @param status of the answer; 0 without one
   * @param reason header {@code x-signalbox-reason}; empty without it
   * @param endpoint where it was, as far as the answer says; else empty
   */
  record Failure(
      String sent,
      long from,
      long to,
      boolean began,
      int status,
      String reason,
      String endpoint,
      String text) {
    private static final Pattern PROXY_WORDS =
        Pattern.compile("reset reason: ([^,\\n]+)|^([a-z ]+)$");

    /** Why, in our words or in those of the proxy. */
    String cause() {
      if (!reason.isEmpty()) {
        return reason;
      }
      var words = PROXY_WORDS.matcher(text);
      return words.find() ? words.group() : "";
    }
  }

  /** How a fault went. */
  enum Course {
    ANNOUNCED_AND_OVER,
    NOT_ANNOUNCED,
    NOT_OVER,
    /** It could not be made. */
    NOT_MADE
  }

  /**
   * A fault, and what became of it.
   *
   * @param where an engine's address, or what else it befell
   * @param announcedNanos until it was announced
   * @param problem what was waited for in vain; else empty
   */
  record Notice(
      SoakFault fault, String where, Course course, long announcedNanos, String problem) {}

  /**
   * What the host's process takes.
   *
   * @param heapBytes in use after a whole collection
   * @param nativeBytes allocated outside of the heap by buffers and libraries
   * @param files open descriptors
   */
  record Footprint(long heapBytes, long nativeBytes, long files, long threads) {}

  /**
   * Sums at the end.
   *
   * @param seconds from the first fault until the last was over
   * @param answered requests that were answered wholly
   * @param aborted requests whose clients went away on purpose
   * @param cancelled exchanges that the host saw end that way
   * @param leftInFlight requests in flight once no client was left
   */
  record Totals(long seconds, long answered, long aborted, double cancelled, double leftInFlight) {}
}
