package io.signalbox.host.ingest;

import java.nio.charset.StandardCharsets;

/** Reads numbers of a metrics page where they stand. */
final class PageNumbers {
  private static final int MAX_LENGTH = 64;
  private static final int MAX_DIGITS = 18;
  private static final long EXACT = 1L << 53;
  private static final double[] POWERS = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

  private PageNumbers() {}

  /**
   * The number, or {@code NaN} where it is none, or not finite.
   *
   * <p>What has at most 15 digits or so, as nearly all values have, is exact with one
   * multiplication or division: whole numbers up to 2^53 and powers of ten up to 22 are (Clinger,
   * "How to read floating point numbers accurately", 1990). The rest takes the library.
   */
  static double read(byte[] page, int start, int end) {
    if (start >= end || end - start > MAX_LENGTH) {
      return Double.NaN;
    }
    boolean negative = page[start] == '-';
    int at = negative || page[start] == '+' ? start + 1 : start;
    long mantissa = 0;
    int digits = 0;
    int fraction = 0;
    boolean point = false;
    for (; at < end; at++) {
      byte next = page[at];
      if (next >= '0' && next <= '9') {
        if (digits == MAX_DIGITS) {
          return slowly(page, start, end);
        }
        mantissa = 10 * mantissa + (next - '0');
        digits++;
        fraction += point ? 1 : 0;
      } else if (next == '.' && !point) {
        point = true;
      } else {
        return slowly(page, start, end);
      }
    }
    if (digits == 0) {
      return Double.NaN;
    }
    if (mantissa > EXACT || fraction >= POWERS.length) {
      return slowly(page, start, end);
    }
    double value = mantissa / POWERS[fraction];
    return negative ? -value : value;
  }

  private static double slowly(byte[] page, int start, int end) {
    for (int at = start; at < end; at++) {
      byte next = page[at];
      boolean allowed =
          (next >= '0' && next <= '9')
              || next == '.'
              || next == '-'
              || next == '+'
              || next == 'e'
              || next == 'E';
      if (!allowed) {
        return Double.NaN;
      }
    }
    try {
      double value =
          Double.parseDouble(new String(page, start, end - start, StandardCharsets.US_ASCII));
      return Double.isFinite(value) ? value : Double.NaN;
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }
}
