package io.signalbox.host.prefix;

import java.util.Arrays;

/** Endpoints of one model, by their numbers. Immutable, so blocks share one object. */
final class EndpointSet {
  /** Nobody. */
  static final EndpointSet NONE = new EndpointSet(new long[0]);

  /** The last word is not 0, so equal sets have equal arrays. */
  private final long[] words;

  private EndpointSet(long[] words) {
    this.words = words;
  }

  boolean isEmpty() {
    return words.length == 0;
  }

  boolean contains(int number) {
    int word = number >> 6;
    return word < words.length && (words[word] & (1L << number)) != 0;
  }

  /** Equal for equal sets. */
  int hash() {
    int hash = 0;
    for (long word : words) {
      hash = 31 * hash + Long.hashCode(word * 0x9e3779b97f4a7c15L);
    }
    return hash;
  }

  int size() {
    int size = 0;
    for (long word : words) {
      size += Long.bitCount(word);
    }
    return size;
  }

  /** The least number in it; it must not be empty. */
  int first() {
    int word = 0;
    while (words[word] == 0) {
      word++;
    }
    return (word << 6) + Long.numberOfTrailingZeros(words[word]);
  }

  /** This set and one endpoint more. */
  EndpointSet with(int number) {
    var more = Arrays.copyOf(words, Math.max(words.length, (number >> 6) + 1));
    more[number >> 6] |= 1L << number;
    return new EndpointSet(more);
  }

  /** This set but for one endpoint. */
  EndpointSet without(int number) {
    if (!contains(number)) {
      return this;
    }
    var fewer = words.clone();
    fewer[number >> 6] &= ~(1L << number);
    int length = fewer.length;
    while (length > 0 && fewer[length - 1] == 0) {
      length--;
    }
    return length == 0 ? NONE : new EndpointSet(Arrays.copyOf(fewer, length));
  }

  /** Whether the same endpoints are in both. */
  boolean sameAs(EndpointSet other) {
    return this == other || Arrays.equals(words, other.words);
  }
}
