package io.signalbox.host.ingest;

/** Finds the lines of single names on a page in the Prometheus text format. */
final class MetricsLines {
  private final String page;

  MetricsLines(String page) {
    this.page = page;
  }

  /** Takes a line that reads. */
  @FunctionalInterface
  interface Line {
    /**
     * A line.
     *
     * @param labels what is between the braces, as written; empty where there are none
     * @param value finite
     */
    void read(String labels, double value);
  }

  /**
   * Finds the lines of one name. A page has hundreds of lines, most of them buckets of histograms,
   * and a search for the few names wanted is much cheaper than looking at each line.
   */
  void find(String name, Line into) {
    for (int at = page.indexOf(name); at >= 0; at = page.indexOf(name, at + name.length())) {
      int end = page.indexOf('\n', at);
      if (beginsLine(at)) {
        line(at + name.length(), end < 0 ? page.length() : end, into);
      }
    }
  }

  /** Whether nothing but blanks stands before a place in its line. */
  private boolean beginsLine(int at) {
    int before = at - 1;
    while (before >= 0 && blank(page.charAt(before))) {
      before--;
    }
    return before < 0 || page.charAt(before) == '\n';
  }

  private void line(int nameEnd, int end, Line into) {
    int next = afterBlanks(nameEnd, end);
    if (next < end && page.charAt(next) == '{') {
      int valueStart = afterLabels(next, end);
      if (valueStart >= 0) {
        value(valueStart, end, page.substring(next + 1, valueStart - 1), into);
      }
    } else if (next > nameEnd) {
      value(next, end, "", into);
    }
  }

  private int afterBlanks(int start, int end) {
    int next = start;
    while (next < end && blank(page.charAt(next))) {
      next++;
    }
    return next;
  }

  /** The place behind the closing brace, or -1; braces inside quoted label values do not count. */
  private int afterLabels(int brace, int end) {
    boolean quoted = false;
    for (int i = brace + 1; i < end; i++) {
      switch (page.charAt(i)) {
        case '\\' -> i += quoted ? 1 : 0;
        case '"' -> quoted = !quoted;
        case '}' -> {
          if (!quoted) {
            return i + 1;
          }
        }
        default -> {}
      }
    }
    return -1;
  }

  /**
   * Reads {@code value [timestamp]}; the time of the reading is ours, so the engine's is left out.
   */
  private void value(int start, int end, String labels, Line into) {
    var text = page.substring(start, end).strip();
    int length = 0;
    while (length < text.length() && !blank(text.charAt(length))) {
      length++;
    }
    double value;
    try {
      value = Double.parseDouble(text.substring(0, length));
    } catch (NumberFormatException e) {
      return;
    }
    if (Double.isFinite(value)) {
      into.read(labels, value);
    }
  }

  private static boolean blank(char c) {
    return c == ' ' || c == '\t';
  }
}
