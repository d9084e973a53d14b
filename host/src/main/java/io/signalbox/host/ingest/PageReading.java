package io.signalbox.host.ingest;

import io.signalbox.host.config.DialectConfig.Combine;
import io.signalbox.host.signals.LoadedAdapters;
import io.vertx.core.buffer.Buffer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads pages in the Prometheus and OpenMetrics text formats, piece by piece as they arrive, for
 * what one dialect names. A line that does not read is left out; it does not spoil the others. Used
 * again for each page of an engine; belongs to one thread.
 */
final class PageReading {
  /** Longer lines are left out. */
  static final int MAX_LINE_BYTES = 64 * 1024;

  /*
   * Series are told apart by the model they are about: cell(selector, slot) holds those of the
   * slot's model, and in the last slot those of others, and of none. A value of a model is made of
   * its own series where the page has some, else of all: servers name models otherwise than clients
   * do, and adapters not at all.
   *
   * A piece is copied behind what was left of the one before into a scratch that all readings of
   * the thread share; lines are read there, without making texts of them.
   */
  private static final int OTHERS = 1;

  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long LINE_FEEDS = 0x0a0a_0a0a_0a0a_0a0aL;
  private static final long LOWEST_BITS = 0x0101_0101_0101_0101L;
  private static final long HIGHEST_BITS = 0x8080_8080_8080_8080L;

  private final Dialect dialect;
  private final Scratch scratch;
  private final byte[][] models;
  private final byte @Nullable [] rank;
  private final double[] sums;
  private final double[] maxima;
  private final int[] counts;
  private final @Nullable Copies[] copies;
  private byte[] carry = new byte[256];
  private int carried;
  private boolean skipping;
  private int matched;
  private double adaptersWrittenAt;
  private Optional<LoadedAdapters> adapters = Optional.empty();

  /** Bytes that the readings of one thread use in turn. */
  static final class Scratch {
    private final PageLabels labels = new PageLabels();
    private byte[] bytes = new byte[64 * 1024];

    private byte[] of(int length) {
      if (bytes.length < length) {
        bytes = new byte[Math.max(length, 2 * bytes.length)];
      }
      return bytes;
    }
  }

  /** Series of one cell that may tell the same thing: the largest of each kind counts. */
  private static final class Copies {
    private static final int MAX = 4_096;

    private long[] identities = new long[8];
    private double[] values = new double[8];
    private int size;

    private void add(long identity, double value) {
      for (int i = 0; i < size; i++) {
        if (identities[i] == identity) {
          values[i] = Math.max(values[i], value);
          return;
        }
      }
      if (size == MAX) {
        return;
      }
      if (size == values.length) {
        identities = Arrays.copyOf(identities, 2 * size);
        values = Arrays.copyOf(values, 2 * size);
      }
      identities[size] = identity;
      values[size++] = value;
    }
  }

  /**
   * A reading of an engine's pages.
   *
   * @param models that are served there
   * @param rank the only data-parallel rank that counts; empty: all
   */
  PageReading(Dialect dialect, List<String> models, Optional<String> rank, Scratch scratch) {
    this.dialect = dialect;
    this.scratch = scratch;
    this.models =
        models.stream().map(model -> model.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    this.rank = rank.map(text -> text.getBytes(StandardCharsets.UTF_8)).orElse(null);
    int cells = dialect.size() * (this.models.length + OTHERS);
    this.sums = new double[cells];
    this.maxima = new double[cells];
    this.counts = new int[cells];
    this.copies = new @Nullable Copies[cells];
  }

  Dialect dialect() {
    return dialect;
  }

  /** A page begins. */
  void begin() {
    Arrays.fill(sums, 0);
    Arrays.fill(maxima, Double.NEGATIVE_INFINITY);
    Arrays.fill(counts, 0);
    for (var its : copies) {
      if (its != null) {
        its.size = 0;
      }
    }
    carried = 0;
    skipping = false;
    matched = 0;
    adaptersWrittenAt = Double.NEGATIVE_INFINITY;
    adapters = Optional.empty();
  }

  /** The next piece of the page; not kept. */
  void feed(Buffer piece) {
    int length = carried + piece.length();
    var bytes = scratch.of(length);
    System.arraycopy(carry, 0, bytes, 0, carried);
    piece.getBytes(bytes, carried);
    int start = 0;
    for (int end = newline(bytes, carried, length); end >= 0; end = newline(bytes, start, length)) {
      if (skipping) {
        skipping = false;
      } else {
        line(bytes, start, end);
      }
      start = end + 1;
    }
    keep(bytes, start, length);
  }

  /**
   * Eight bytes at a time: those that are a line feed become 0, and only for a 0 the subtraction
   * sets a highest bit that was not set.
   */
  private static int newline(byte[] bytes, int start, int end) {
    int at = start;
    for (; end - at >= Long.BYTES; at += Long.BYTES) {
      long eight = (long) EIGHT.get(bytes, at) ^ LINE_FEEDS;
      long found = (eight - LOWEST_BITS) & ~eight & HIGHEST_BITS;
      if (found != 0) {
        return at + Long.numberOfTrailingZeros(found) / Byte.SIZE;
      }
    }
    for (; at < end; at++) {
      if (bytes[at] == '\n') {
        return at;
      }
    }
    return -1;
  }

  private void keep(byte[] bytes, int start, int end) {
    carried = end - start;
    if (carried > MAX_LINE_BYTES || skipping) {
      skipping = true;
      carried = 0;
      return;
    }
    if (carry.length < carried) {
      carry = new byte[Math.max(carried, 2 * carry.length)];
    }
    System.arraycopy(bytes, start, carry, 0, carried);
  }

  /** The page is over; its last line need not have an end. */
  void end() {
    if (carried > 0 && !skipping) {
      line(carry, 0, carried);
    }
    carried = 0;
  }

  private void line(byte[] bytes, int start, int lineEnd) {
    int end = lineEnd > start && bytes[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
    int nameStart = afterBlanks(bytes, start, end);
    if (nameStart == end || bytes[nameStart] == '#') {
      return;
    }
    int at = nameStart;
    int hash = SeriesNames.hashOfNothing();
    for (; at < end && bytes[at] != '{' && bytes[at] != ' ' && bytes[at] != '\t'; at++) {
      hash = SeriesNames.hash(hash, bytes[at]);
    }
    var name = dialect.names().find(bytes, nameStart, at, hash);
    if (name == null) {
      return;
    }
    int next = afterBlanks(bytes, at, end);
    int labelsStart = -1;
    if (next < end && bytes[next] == '{') {
      labelsStart = next + 1;
      next = scratch.labels.read(bytes, labelsStart, end);
      if (next < 0) {
        return;
      }
    } else {
      scratch.labels.clear();
    }
    int labelsEnd = next - 1;
    double value = value(bytes, next, end);
    if (!Double.isNaN(value)) {
      series(name, value);
      if (labelsStart >= 0 && name.selectors().contains(dialect.adapters())) {
        adapters(bytes, labelsStart, labelsEnd, value);
      }
    }
  }

  /**
   * Reads {@code value [timestamp] [# exemplar]}; the time of the reading is ours, so the engine's
   * is left out.
   */
  private static double value(byte[] bytes, int start, int end) {
    int from = afterBlanks(bytes, start, end);
    int to = from;
    while (to < end && bytes[to] != ' ' && bytes[to] != '\t') {
      to++;
    }
    return PageNumbers.read(bytes, from, to);
  }

  private static int afterBlanks(byte[] bytes, int start, int end) {
    int at = start;
    while (at < end && (bytes[at] == ' ' || bytes[at] == '\t')) {
      at++;
    }
    return at;
  }

  private void series(SeriesNames.Name name, double value) {
    var labels = scratch.labels;
    if (rank != null) {
      int its = dialect.rankLabel(labels);
      if (its >= 0 && !labels.hasValue(its, rank)) {
        return;
      }
    }
    int slot = slot(labels);
    for (int i = 0; i < name.selectors().size(); i++) {
      int selector = name.selectors().get(i);
      if (dialect.selects(selector, labels)) {
        matched++;
        add(cell(selector, slot), value);
      }
    }
  }

  private int slot(PageLabels labels) {
    int label = dialect.modelLabel(labels);
    if (label >= 0) {
      for (int i = 0; i < models.length; i++) {
        if (labels.hasValue(label, models[i])) {
          return i;
        }
      }
    }
    return models.length;
  }

  private int cell(int selector, int slot) {
    return selector * (models.length + OTHERS) + slot;
  }

  private void add(int cell, double value) {
    if (!dialect.hasCopies()) {
      sums[cell] += value;
      maxima[cell] = Math.max(maxima[cell], value);
      counts[cell]++;
      return;
    }
    var its = copies[cell];
    if (its == null) {
      its = new Copies();
      copies[cell] = its;
    }
    its.add(dialect.identity(scratch.labels), value);
    sums[cell] = 0;
    for (int i = 0; i < its.size; i++) {
      sums[cell] += its.values[i];
    }
    maxima[cell] = Math.max(maxima[cell], value);
    counts[cell] = its.size;
  }

  private void adapters(byte[] bytes, int start, int end, double value) {
    if (value > adaptersWrittenAt) {
      adaptersWrittenAt = value;
      adapters = AdapterLabels.read(new String(bytes, start, end - start, StandardCharsets.UTF_8));
    }
  }

  /** How many lines of the page are of the dialect. */
  int matched() {
    return matched;
  }

  /**
   * What the series of a selector say of a model.
   *
   * @param model its place among the models
   * @return {@code NaN} where there are none
   */
  double value(int selector, Combine combine, int model) {
    int own = cell(selector, model);
    if (counts[own] > 0) {
      return combined(combine, sums[own], maxima[own], counts[own]);
    }
    double sum = 0;
    double max = Double.NEGATIVE_INFINITY;
    int count = 0;
    for (int slot = 0; slot <= models.length; slot++) {
      int cell = cell(selector, slot);
      sum += sums[cell];
      max = Math.max(max, maxima[cell]);
      count += counts[cell];
    }
    return count == 0 ? Double.NaN : combined(combine, sum, max, count);
  }

  private static double combined(Combine combine, double sum, double max, int count) {
    return switch (combine) {
      case SUM -> sum;
      case MEAN -> sum / count;
      case MAX -> max;
    };
  }

  /** What all series of a selector come to; {@code NaN} where there are none. */
  double total(int selector) {
    double sum = 0;
    int count = 0;
    for (int slot = 0; slot <= models.length; slot++) {
      sum += sums[cell(selector, slot)];
      count += counts[cell(selector, slot)];
    }
    return count == 0 ? Double.NaN : sum;
  }

  /** What the series of a selector come to for a model; {@code NaN} where there are none. */
  double sum(int selector, int model) {
    return value(selector, Combine.SUM, model);
  }

  /** The LoRA adapters of the series with the highest value, which is the time it was written. */
  Optional<LoadedAdapters> adapters() {
    return adapters;
  }

  /** Whether the engine says that it sleeps: all of its ranks. */
  boolean asleep() {
    if (dialect.awake() == Dialect.NONE || models.length == 0) {
      return false;
    }
    return value(dialect.awake(), Combine.MAX, 0) <= 0;
  }
}
