package io.signalbox.host.ingest;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds names among bytes, without making a text of them.
 *
 * <p>A table with open addressing, at most half full: a page has hundreds of lines, and nearly none
 * is of a name that is looked for, so what counts is that a miss costs one look.
 */
final class SeriesNames {
  private final int mask;
  private final @Nullable Name[] table;

  /** A name, and the numbers of the selectors of this name. */
  static final class Name {
    private final byte[] bytes;
    private final int hash;
    private final List<Integer> selectors;

    private Name(String name, List<Integer> selectors) {
      this.bytes = name.getBytes(StandardCharsets.UTF_8);
      int its = hashOfNothing();
      for (byte next : bytes) {
        its = hash(its, next);
      }
      this.hash = its;
      this.selectors = List.copyOf(selectors);
    }

    List<Integer> selectors() {
      return selectors;
    }

    private boolean is(byte[] page, int start, int end) {
      return Arrays.equals(bytes, 0, bytes.length, page, start, end);
    }
  }

  /** A table of these names, by the numbers of their selectors. */
  SeriesNames(Map<String, List<Integer>> selectorsByName) {
    int size = Integer.highestOneBit(Math.max(4, selectorsByName.size() * 2) * 2 - 1);
    this.mask = size - 1;
    this.table = new @Nullable Name[size];
    selectorsByName.forEach((name, selectors) -> add(new Name(name, selectors)));
  }

  private void add(Name name) {
    int at = slot(name.hash);
    while (table[at] != null) {
      at = (at + 1) & mask;
    }
    table[at] = name;
  }

  /** What the hash of a name begins with. */
  static int hashOfNothing() {
    return 0;
  }

  /** The hash of a name so far and its next byte. */
  static int hash(int before, byte next) {
    return 31 * before + next;
  }

  private int slot(int hash) {
    return (hash ^ (hash >>> 15)) & mask;
  }

  /** The name that stands in a page, or null where it is none of these. */
  @Nullable Name find(byte[] page, int start, int end, int hash) {
    int at = slot(hash);
    for (var name = table[at]; name != null; name = table[at]) {
      if (name.hash == hash && name.is(page, start, end)) {
        return name;
      }
      at = (at + 1) & mask;
    }
    return null;
  }
}
