package io.signalbox.host.ingest;

import java.util.Arrays;

/**
 * The labels of one line, as places in the bytes of the page. Used again for every line; belongs to
 * one thread.
 */
final class PageLabels {
  private static final int MAX = 64;
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  /*
   * Label i has its name at page[names[2i]..names[2i+1]) and its value, as written between the
   * quotes, at page[values[2i]..values[2i+1]).
   */
  private final int[] names = new int[2 * MAX];
  private final int[] values = new int[2 * MAX];
  private byte[] page = {};
  private int count;

  /** No labels. */
  void clear() {
    count = 0;
  }

  /**
   * Reads the labels behind an opening brace.
   *
   * @return the place behind the closing brace, or -1 where the line does not read
   */
  int read(byte[] bytes, int start, int end) {
    page = bytes;
    count = 0;
    int at = start;
    while (true) {
      at = afterBlanks(at, end);
      if (at < end && page[at] == '}') {
        return at + 1;
      }
      at = label(at, end);
      if (at < 0) {
        return -1;
      }
      at = afterBlanks(at, end);
      if (at < end && page[at] == ',') {
        at++;
      } else if (at >= end || page[at] != '}') {
        return -1;
      }
    }
  }

  private int label(int start, int end) {
    int at = start;
    while (at < end && page[at] != '=' && page[at] != ' ' && page[at] != '\t') {
      at++;
    }
    int nameEnd = at;
    at = afterBlanks(at, end);
    if (nameEnd == start || at >= end || page[at] != '=' || count == MAX) {
      return -1;
    }
    at = afterBlanks(at + 1, end);
    if (at >= end || page[at] != '"') {
      return -1;
    }
    int valueEnd = closingQuote(at + 1, end);
    if (valueEnd < 0) {
      return -1;
    }
    names[2 * count] = start;
    names[2 * count + 1] = nameEnd;
    values[2 * count] = at + 1;
    values[2 * count + 1] = valueEnd;
    count++;
    return valueEnd + 1;
  }

  private int closingQuote(int start, int end) {
    for (int at = start; at < end; at++) {
      if (page[at] == '\\') {
        at++;
      } else if (page[at] == '"') {
        return at;
      }
    }
    return -1;
  }

  private int afterBlanks(int start, int end) {
    int at = start;
    while (at < end && (page[at] == ' ' || page[at] == '\t')) {
      at++;
    }
    return at;
  }

  /** The number of the label of this name, or -1. */
  int find(byte[] name) {
    for (int i = 0; i < count; i++) {
      if (Arrays.equals(name, 0, name.length, page, names[2 * i], names[2 * i + 1])) {
        return i;
      }
    }
    return -1;
  }

  /** Whether a label has this value, as written between the quotes. */
  boolean hasValue(int label, byte[] value) {
    return Arrays.equals(value, 0, value.length, page, values[2 * label], values[2 * label + 1]);
  }

  /** Tells series apart that differ in other labels than these. */
  long identityWithout(byte[][] left) {
    long hash = FNV_OFFSET;
    for (int i = 0; i < count; i++) {
      if (!isOneOf(i, left)) {
        hash = hash(hash, names[2 * i], names[2 * i + 1]);
        hash = hash(hash, values[2 * i], values[2 * i + 1]);
      }
    }
    return hash;
  }

  private boolean isOneOf(int label, byte[][] some) {
    for (var name : some) {
      if (Arrays.equals(name, 0, name.length, page, names[2 * label], names[2 * label + 1])) {
        return true;
      }
    }
    return false;
  }

  private long hash(long before, int start, int end) {
    long hash = before;
    for (int at = start; at < end; at++) {
      hash = (hash ^ page[at]) * FNV_PRIME;
    }
    return (hash ^ '"') * FNV_PRIME;
  }
}
