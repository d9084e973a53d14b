package io.signalbox.host.script;

import java.util.function.LongSupplier;
import org.slf4j.event.Level;

/** Passes lines on, as many and as long as a log can bear. For one thread at a time. */
final class BoundedOutput {
  static final int MAX_LINE = 2_000;
  static final int MAX_LINES_PER_SECOND = 100;
  private static final long SECOND_NANOS = 1_000_000_000;

  private final ScriptOutput output;
  private final LongSupplier nanoTime;
  private long secondStart;
  private int linesInSecond;
  private long dropped;

  BoundedOutput(ScriptOutput output, LongSupplier nanoTime) {
    this.output = output;
    this.nanoTime = nanoTime;
    this.secondStart = nanoTime.getAsLong();
  }

  /** Any text: each of its lines counts as one. */
  void text(Level level, String text) {
    int start = 0;
    while (start < text.length() || start == 0) {
      int end = text.indexOf('\n', start);
      if (end < 0) {
        end = text.length();
      }
      if (!line(level, text, start, end)) {
        return;
      }
      start = end + 1;
    }
  }

  /** False when it was dropped; of the rest of its text nothing is looked at then. */
  private boolean line(Level level, String text, int start, int end) {
    long now = nanoTime.getAsLong();
    if (now - secondStart >= SECOND_NANOS) {
      secondStart = now;
      linesInSecond = 0;
      if (dropped > 0) {
        output.line(Level.WARN, "output dropped: " + dropped + " times since the last line");
        dropped = 0;
      }
    }
    if (linesInSecond == MAX_LINES_PER_SECOND) {
      dropped++;
      return false;
    }
    linesInSecond++;
    var line = text.substring(start, Math.min(end, start + MAX_LINE));
    output.line(level, line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
    return true;
  }
}
