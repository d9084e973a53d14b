package io.signalbox.host.request;

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

  private final UsageScanner scanner = new UsageScanner();
  private Line line = Line.BEGUN;
  private int matched;
  private boolean afterReturn;
  private long deltas;

  @Override
  public void read(byte[] piece, int from, int to) {
    int i = from;
    while (i < to) {
      if (line == Line.BEGUN) {
        begun(piece[i]);
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

  private static int lineEnd(byte[] piece, int from, int to) {
    int i = from;
    while (i < to && piece[i] != '\n' && piece[i] != '\r') {
      i++;
    }
    return i;
  }

  private void begun(byte b) {
    if (b == '\n' || b == '\r') {
      if (matched == 0 && !(b == '\n' && afterReturn)) {
        eventEnded();
      }
      lineEnded(b);
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

  private void eventEnded() {
    if (scanner.carriesDelta()) {
      deltas++;
    }
    scanner.restart();
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
