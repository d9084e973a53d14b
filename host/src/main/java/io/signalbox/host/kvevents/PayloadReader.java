package io.signalbox.host.kvevents;

import com.dynatrace.hash4j.hashing.Hashing;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.msgpack.core.MessageFormat;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.value.ValueType;

/**
 * Reads the pieces of a payload in their order. Never makes room for more than the payload has
 * bytes, whatever it says, and follows no nesting.
 */
final class PayloadReader implements AutoCloseable {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final String TAG = "type";
  private static final int MAX_NAME_BYTES = 4096;
  private static final int MAX_RANK = 65_535;

  private final byte[] payload;
  private final MessageUnpacker unpacker;
  private final byte[] scratch = new byte[1 + Long.BYTES];

  PayloadReader(byte[] payload) {
    this.payload = payload;
    this.unpacker = MessagePack.newDefaultUnpacker(payload);
  }

  /** Reads one field, whichever way its value is written; must consume the value. */
  @FunctionalInterface
  interface FieldReader {
    /**
     * Reads a value.
     *
     * @param field its index in the list of names, or one that is not there
     */
    void read(int field) throws IOException;
  }

  /**
   * An event whose tag was read.
   *
   * @param fields values still to come
   * @param named whether each comes with its name
   */
  record Shape(String tag, int fields, boolean named) {}

  /** Reads an array of fields in the order of their names, or a map with them. */
  void fields(String what, List<String> names, FieldReader reader) throws IOException {
    switch (type()) {
      case ARRAY -> fields(arrayLength(what), false, names, reader);
      case MAP -> fields(mapLength(what), true, names, reader);
      default -> throw unexpected(what, "an array or a map");
    }
  }

  private void fields(int count, boolean named, List<String> names, FieldReader reader)
      throws IOException {
    for (int i = 0; i < count; i++) {
      reader.read(named ? names.indexOf(text("the name of a field")) : i);
    }
  }

  /** Reads how an event begins. */
  Shape beginEvent() throws IOException {
    return switch (type()) {
      case ARRAY -> {
        int length = arrayLength("an event");
        if (length == 0) {
          throw new MalformedException("an event without a tag");
        }
        yield new Shape(text("the tag of an event"), length - 1, false);
      }
      case MAP -> {
        int length = mapLength("an event");
        if (length == 0 || !text("the name of a field").equals(TAG)) {
          throw new MalformedException("an event must begin with its type");
        }
        yield new Shape(text("the type of an event"), length - 1, true);
      }
      default -> throw unexpected("an event", "an array or a map");
    };
  }

  /** Reads what is left of an event. */
  void rest(Shape shape, List<String> names, FieldReader reader) throws IOException {
    fields(shape.fields(), shape.named(), names, reader);
  }

  void skipRest(Shape shape) throws IOException {
    rest(shape, List.of(), field -> skip());
  }

  /**
   * Passes a value. Asked for a map of a billion entries, the library would pass its header alone.
   */
  void skip() throws IOException {
    for (long values = 1; values > 0; values--) {
      switch (type()) {
        case ARRAY -> values += arrayLength("an array");
        case MAP -> values += 2L * mapLength("a map");
        default -> unpacker.skipValue();
      }
    }
  }

  /** Nothing may come behind the batch. */
  void end() {
    if (unpacker.getTotalReadBytes() != payload.length) {
      throw new MalformedException("there are bytes behind the batch");
    }
  }

  /** Reads a nil, if there is one. */
  boolean skipNil() throws IOException {
    return unpacker.tryUnpackNil();
  }

  int arrayLength(String what) throws IOException {
    if (type() != ValueType.ARRAY) {
      throw unexpected(what, "an array");
    }
    return bounded(unpacker.unpackArrayHeader(), what);
  }

  private int mapLength(String what) throws IOException {
    return bounded(unpacker.unpackMapHeader(), what);
  }

  private int bounded(int length, String what) {
    if (length > payload.length - unpacker.getTotalReadBytes()) {
      throw new MalformedException(what + " is cut short");
    }
    return length;
  }

  String text(String what) throws IOException {
    if (type() != ValueType.STRING) {
      throw unexpected(what, "a text");
    }
    int length = unpacker.unpackRawStringHeader();
    if (length > MAX_NAME_BYTES) {
      throw new MalformedException(what + " has more than " + MAX_NAME_BYTES + " bytes");
    }
    return new String(unpacker.readPayload(bounded(length, what)), StandardCharsets.UTF_8);
  }

  double number(String what) throws IOException {
    return switch (type()) {
      case FLOAT -> unpacker.unpackDouble();
      case INTEGER -> unpacker.unpackBigInteger().doubleValue();
      default -> throw unexpected(what, "a number");
    };
  }

  int integer(String what) throws IOException {
    if (type() != ValueType.INTEGER) {
      throw unexpected(what, "an integer");
    }
    // Read as a hash, a number of 64 bits may come out negative.
    boolean unsigned = unpacker.getNextFormat() == MessageFormat.UINT64;
    long value = hash(what);
    if (value != (int) value || (unsigned && value < 0)) {
      throw new MalformedException(what + " must have 32 bits");
    }
    return (int) value;
  }

  /** A data-parallel rank; 0 for nil. */
  int rank() throws IOException {
    if (skipNil()) {
      return 0;
    }
    int rank = integer("data_parallel_rank");
    if (rank < 0 || rank > MAX_RANK) {
      throw new MalformedException("data_parallel_rank must be from 0 to " + MAX_RANK);
    }
    return rank;
  }

  /** A hash: an integer of 64 bits, or the last of the bytes of a digest; the two agree in vLLM. */
  long hash(String what) throws IOException {
    return switch (unpacker.getNextFormat()) {
      case UINT64 -> {
        unpacker.readPayload(scratch, 0, scratch.length);
        yield (long) LONG.get(scratch, 1);
      }
      case BIN8, BIN16, BIN32 -> digest(what);
      case POSFIXINT, NEGFIXINT, UINT8, UINT16, UINT32, INT8, INT16, INT32, INT64 ->
          unpacker.unpackLong();
      default -> throw unexpected(what, "an integer or bytes");
    };
  }

  private long digest(String what) throws IOException {
    int length = bounded(unpacker.unpackBinaryHeader(), what);
    var bytes = unpacker.readPayload(length);
    long hash = 0;
    for (int i = Math.max(0, length - Long.BYTES); i < length; i++) {
      hash = (hash << Byte.SIZE) | (bytes[i] & 0xff);
    }
    return hash;
  }

  long[] hashes(String what) throws IOException {
    var hashes = new long[arrayLength(what)];
    for (int i = 0; i < hashes.length; i++) {
      hashes[i] = hash(what);
    }
    return hashes;
  }

  int[] integers(String what) throws IOException {
    var integers = new int[arrayLength(what)];
    for (int i = 0; i < integers.length; i++) {
      integers[i] = integer(what);
    }
    return integers;
  }

  /**
   * A value of which only the identity matters.
   *
   * @param text what it says, where it is a text
   * @param hash of its bytes; never 0
   */
  record Opaque(Optional<String> text, long hash) {}

  Opaque opaque() throws IOException {
    int from = (int) unpacker.getTotalReadBytes();
    Optional<String> text = Optional.empty();
    if (type() == ValueType.STRING) {
      text = Optional.of(text("an extra key"));
    } else {
      skip();
    }
    int length = (int) unpacker.getTotalReadBytes() - from;
    return new Opaque(text, Hashing.xxh64().hashBytesToLong(payload, from, length) | 1);
  }

  private ValueType type() throws IOException {
    MessageFormat next = unpacker.getNextFormat();
    return next.getValueType();
  }

  private MalformedException unexpected(String what, String allowed) throws IOException {
    return new MalformedException(
        what + " must be " + allowed + ", not " + type().name().toLowerCase(Locale.ROOT));
  }

  @Override
  public void close() throws IOException {
    unpacker.close();
  }
}
