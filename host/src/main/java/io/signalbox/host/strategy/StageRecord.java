package io.signalbox.host.strategy;

import java.time.Duration;

/**
 * What the records by which a stage is asked over the event bus have in common. They are JSON
 * objects, so that they travel between processes and any language can take part; members that a
 * reader does not know are ignored.
 *
 * @see QuestionRecord
 * @see AnswerRecord
 */
public final class StageRecord {
  /** Nobody waits longer for an answer. */
  static final Duration LONGEST_DEADLINE = Duration.ofSeconds(10);

  private static final String ADDRESS_PREFIX = "signalbox.strategy.";
  private static final int LONGEST_LINE = 300;

  private StageRecord() {}

  /** The address of the event bus at which a strategy is asked. */
  public static String address(String id) {
    return ADDRESS_PREFIX + id;
  }

  /** A text of another process, fit for one line of a log. */
  static String line(String text) {
    var line = text.codePoints().limit(LONGEST_LINE);
    return line.map(c -> Character.isISOControl(c) ? ' ' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
