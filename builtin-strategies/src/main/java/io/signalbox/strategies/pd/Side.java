package io.signalbox.strategies.pd;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Candidates that play one part, as columns that are filled for a decision and narrowed. For one
 * thread; used again.
 */
public final class Side {
  /** No index. */
  public static final int NOBODY = -1;

  /** What a side may know of a candidate. */
  public enum Column {
    /** Its index among all candidates. */
    CANDIDATE,
    /** The number of its role set. */
    SET,
    /** Requests: prefills outstanding, or in flight. Unknown: infinite. */
    REQUESTS,
    /** Requests that wait in the engine; NaN where unknown. */
    WAITING,
    /** Tokens of the prompt that are cached; NaN where unknown. */
    CACHED_TOKENS,
    /** Tokens per second, of prompts or of answers; NaN where unknown. */
    TOKENS_PER_SECOND,
    /** Seconds for one token, of prompts or of answers; NaN where unknown. */
    SECONDS_PER_TOKEN,
    /** Share of the KV cache in use; NaN where unknown. */
    KV_CACHE_USAGE,
    /** How long what waits there will take; NaN where unknown. */
    QUEUE_SECONDS,
    /** The score, lower is better; never NaN. */
    SCORE
  }

  private static final int COLUMNS = Column.values().length;

  private int size;
  private final double[][] columns = new double[COLUMNS][];

  /** A side without candidates. */
  public Side() {
    Arrays.fill(columns, new double[0]);
  }

  /** Forgets all. */
  void clear() {
    size = 0;
  }

  /** Adds a candidate of which nothing is known; returns its index here. */
  public int add(int candidate, int set) {
    if (columns[0].length == size) {
      int capacity = Math.max(16, 2 * size);
      Arrays.setAll(columns, column -> Arrays.copyOf(columns[column], capacity));
    }
    for (var column : columns) {
      column[size] = Double.NaN;
    }
    set(Column.CANDIDATE, size, candidate);
    set(Column.SET, size, set);
    set(Column.REQUESTS, size, Double.POSITIVE_INFINITY);
    return size++;
  }

  /** How many there are. */
  public int size() {
    return size;
  }

  /** A value; the index is that of {@link #add}, until the side is narrowed. */
  public double get(Column column, int index) {
    return columns[column.ordinal()][index];
  }

  /** Sets a value. One that is not finite counts as unknown, and so does one below 0. */
  public void set(Column column, int index, double value) {
    boolean known = value >= 0 && !Double.isInfinite(value);
    boolean counted = column == Column.REQUESTS || column == Column.SCORE;
    columns[column.ordinal()][index] =
        known ? value : counted ? Double.POSITIVE_INFINITY : Double.NaN;
  }

  int candidate(int index) {
    return (int) get(Column.CANDIDATE, index);
  }

  int set(int index) {
    return (int) get(Column.SET, index);
  }

  /** Keeps those with the lowest value, which one of them has. */
  public void keepLowest(Column column) {
    double lowest = lowest(column);
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (get(column, i) == lowest) {
        move(i, kept++);
      }
    }
    size = kept;
  }

  /** Keeps those of these role sets. */
  void keepSets(BitSet sets) {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (sets.get(set(i))) {
        move(i, kept++);
      }
    }
    size = kept;
  }

  /** Keeps those with at most this value. */
  void keepUpTo(Column column, double limit) {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (get(column, i) <= limit) {
        move(i, kept++);
      }
    }
    size = kept;
  }

  /** Leaves one. */
  void keepOnly(int index) {
    move(index, 0);
    size = 1;
  }

  private void move(int from, int to) {
    for (var column : columns) {
      column[to] = column[from];
    }
  }

  /** The lowest known value; infinite where there is none. */
  public double lowest(Column column) {
    double lowest = Double.POSITIVE_INFINITY;
    for (int i = 0; i < size; i++) {
      double value = get(column, i);
      lowest = value < lowest ? value : lowest;
    }
    return lowest;
  }

  /** The highest known value, at least this. */
  public double highest(Column column, double least) {
    double highest = least;
    for (int i = 0; i < size; i++) {
      double value = get(column, i);
      highest = value > highest && !Double.isInfinite(value) ? value : highest;
    }
    return highest;
  }
}
