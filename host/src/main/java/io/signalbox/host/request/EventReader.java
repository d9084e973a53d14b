package io.signalbox.host.request;

import org.jspecify.annotations.Nullable;

/**
 * A stream of server-sent events, each with a JSON text of its own.
 *
 * <p>Source: the HTML standard, section 9.2.6: lines end with CR, LF or both, an empty line ends an
 * event, {@code data} lines of one event belong together. Comments and other fields are skipped.
 */
final class EventReader implements AnswerReader {
  private static final byte[] DATA = {'d', 'a', 't', 'a', ':'};

  private enum Line {
    /** So far it reads as a prefix of {@code data:}; matched says how much. */
    BEGUN,
    DATA,
    OTHER
  }

  private static final int EARLIER = -1;

  private final UsageScanner scanner = new UsageScanner();
  private final EventShape shape = new EventShape();

  /** Nothing of an event was read yet. */
  private boolean begins = true;

  private Line line = Line.BEGUN;
  private int matched;
  private boolean afterReturn;
  private long deltas;

  /** Where the event being read begins in this piece; {@link #EARLIER} where before it. */
  private int eventFrom;

  @Override
  public void read(byte[] piece, int from, int to) {
    eventFrom = begins ? from : EARLIER;
    int i = from;
    while (i < to) {
      if (begins) {
        i = skipAlike(piece, i, to);
        begins = i == to;
      } else if (line == Line.BEGUN) {
        begun(piece, i);
        i++;
      } else {
        int end = lineEnd(piece, i, to);
        if (line == Line.DATA) {
          scanner.read(piece, i, end);
        }
        i = end;
        if (i < to) {
          lineEnded(piece[i]);
          i++;
        }
      }
    }
  }

  /** Goes on behind the events that are like the one before. */
  private int skipAlike(byte[] piece, int from, int to) {
    int i = from;
    for (int text = shape.textEnd(piece, i, to);
        text != EventShape.ANOTHER;
        text = shape.textEnd(piece, i, to)) {
      if (shape.hasText(i, text)) {
        deltas++;
      }
      i = shape.eventEnd(text);
    }
    eventFrom = i;
    return i;
  }

  private static int lineEnd(byte[] piece, int from, int to) {
    int i = from;
    while (i < to && piece[i] != '\n' && piece[i] != '\r') {
      i++;
    }
    return i;
  }

  private void begun(byte[] piece, int at) {
    byte b = piece[at];
    if (b == '\n' || b == '\r') {
      boolean ends = matched == 0 && !(b == '\n' && afterReturn);
      lineEnded(b);
      if (ends) {
        eventEnded(piece, at + 1);
      }
      return;
    }
    afterReturn = false;
    if (b != DATA[matched]) {
      line = Line.OTHER;
    } else if (++matched == DATA.length) {
      line = Line.DATA;
    }
  }

  private void lineEnded(byte b) {
    line = Line.BEGUN;
    matched = 0;
    afterReturn = b == '\r';
  }

  private void eventEnded(byte[] piece, int to) {
    if (scanner.texts() > 0) {
      deltas++;
    }
    // A carriage return may have a line feed behind it that belongs to the same end.
    begins = !afterReturn;
    if (begins && isKnown()) {
      shape.learn(piece, eventFrom, to, scanner.textFrom(), scanner.textTo());
    }
    scanner.restart();
    eventFrom = to;
  }

  /** Whether the event read last lies in this piece, and one text is all there was in it. */
  private boolean isKnown() {
    return eventFrom != EARLIER
        && scanner.texts() == 1
        && scanner.textFrom() >= eventFrom
        && !scanner.counts();
  }

  @Override
  public void nameModel() {
    scanner.nameModel();
  }

  @Override
  public @Nullable String model() {
    return scanner.model();
  }

  @Override
  public long deltas() {
    return deltas;
  }

  @Override
  public Usage usage() {
    double output = scanner.outputTokens();
    boolean counted = Double.isNaN(output) && deltas > 0;
    return new Usage(scanner.promptTokens(), scanner.cachedTokens(), counted ? deltas : output);
  }
}
