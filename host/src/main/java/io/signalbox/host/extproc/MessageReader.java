package io.signalbox.host.extproc;

import com.google.protobuf.ByteString;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import io.signalbox.envoy.extproc.v3.BodySendMode;
import io.signalbox.envoy.extproc.v3.Metadata;
import io.signalbox.envoy.extproc.v3.ProcessingRequest;
import io.signalbox.host.extproc.ProxyMessage.Body;
import io.signalbox.host.extproc.ProxyMessage.Headers;
import io.signalbox.host.extproc.ProxyMessage.Modes;
import io.signalbox.host.extproc.ProxyMessage.Part;
import io.signalbox.host.extproc.ProxyMessage.RequestBody;
import io.signalbox.host.extproc.ProxyMessage.RequestHeaders;
import io.signalbox.host.extproc.ProxyMessage.ResponseBody;
import io.signalbox.host.extproc.ProxyMessage.ResponseHeaders;
import org.jspecify.annotations.Nullable;

/** Reads Envoy's messages, without copying anything out of them. */
final class MessageReader {
  /*
   * Plain messages, which have each field once at most, are read here: of headers only their places
   * are kept, of a body a view. Whatever is not plain - a field that comes twice and is to be merged, a
   * group, a broken message - is left to the generated classes: they refuse it, or write it plainly,
   * and then it is read again. So a message means here what it means to them (MessageReaderTest).
   *
   * A field begins with its number and, in three bits, how it is written; `end` is where the message
   * that is being read ends, within the one around it.
   */
  private static final int VARINT = 0;
  private static final int EIGHT_BYTES = 1;
  private static final int LENGTH = 2;
  private static final int FOUR_BYTES = 5;
  private static final int WIRE_TYPE_BITS = 3;

  private static final int REQUEST_HEADERS = 2 << WIRE_TYPE_BITS | LENGTH;
  private static final int RESPONSE_HEADERS = 3 << WIRE_TYPE_BITS | LENGTH;
  private static final int REQUEST_BODY = 4 << WIRE_TYPE_BITS | LENGTH;
  private static final int RESPONSE_BODY = 5 << WIRE_TYPE_BITS | LENGTH;
  private static final int REQUEST_TRAILERS = 6 << WIRE_TYPE_BITS | LENGTH;
  private static final int RESPONSE_TRAILERS = 7 << WIRE_TYPE_BITS | LENGTH;
  private static final int METADATA_CONTEXT = 8 << WIRE_TYPE_BITS | LENGTH;
  private static final int OBSERVABILITY_MODE = 10 << WIRE_TYPE_BITS | VARINT;
  private static final int PROTOCOL_CONFIG = 11 << WIRE_TYPE_BITS | LENGTH;

  private static final int CONFIG_REQUEST_BODY_MODE = 1 << WIRE_TYPE_BITS | VARINT;
  private static final int CONFIG_RESPONSE_BODY_MODE = 2 << WIRE_TYPE_BITS | VARINT;
  private static final int CONFIG_HELD_HEAD = 3 << WIRE_TYPE_BITS | VARINT;

  private static final int HEADERS_MAP = 1 << WIRE_TYPE_BITS | LENGTH;
  private static final int HEADERS_LAST = 3 << WIRE_TYPE_BITS | VARINT;
  private static final int TRAILERS_MAP = 1 << WIRE_TYPE_BITS | LENGTH;
  private static final int BODY_BYTES = 1 << WIRE_TYPE_BITS | LENGTH;
  private static final int BODY_LAST = 2 << WIRE_TYPE_BITS | VARINT;

  private static final int MAP_HEADER = 1 << WIRE_TYPE_BITS | LENGTH;
  private static final int HEADER_KEY = 1 << WIRE_TYPE_BITS | LENGTH;
  private static final int HEADER_VALUE = 2 << WIRE_TYPE_BITS | LENGTH;
  private static final int HEADER_RAW_VALUE = 3 << WIRE_TYPE_BITS | LENGTH;

  private static final Parser<ProcessingRequest> GENERATED =
      DiscardUnknownFieldsParser.wrap(ProcessingRequest.parser());

  private static final Parser<Metadata> GENERATED_METADATA =
      DiscardUnknownFieldsParser.wrap(Metadata.parser());

  private final byte[] bytes;
  private int at;
  private int end;

  private MessageReader(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.at = from;
    this.end = to;
  }

  /** The message is not plain. */
  private static final class NotPlain extends Exception {
    private static final long serialVersionUID = 1;

    NotPlain() {
      super("not plain", null, false, false);
    }
  }

  /**
   * Reads the message that lies between two places. What is read refers to these bytes.
   *
   * @throws InvalidProtocolBufferException where it is broken
   */
  static ProxyMessage read(byte[] bytes, int from, int to) throws InvalidProtocolBufferException {
    try {
      return new MessageReader(bytes, from, to).message();
    } catch (NotPlain e) {
      return readPlain(GENERATED.parseFrom(bytes, from, to - from).toByteArray());
    }
  }

  private static ProxyMessage readPlain(byte[] plain) {
    try {
      return new MessageReader(plain, 0, plain.length).message();
    } catch (NotPlain e) {
      throw new IllegalStateException("generated classes write plainly", e);
    }
  }

  private ProxyMessage message() throws NotPlain {
    Part part = null;
    Metadata metadata = null;
    Modes modes = null;
    boolean watched = false;
    while (at < end) {
      int tag = tag();
      switch (tag) {
        case REQUEST_HEADERS -> part = only(part, new RequestHeaders(headers()));
        case RESPONSE_HEADERS -> part = only(part, new ResponseHeaders(headers()));
        case REQUEST_BODY -> part = only(part, new RequestBody(body()));
        case RESPONSE_BODY -> part = only(part, new ResponseBody(body()));
        case REQUEST_TRAILERS -> part = only(part, trailers(Part.REQUEST_TRAILERS));
        case RESPONSE_TRAILERS -> part = only(part, trailers(Part.RESPONSE_TRAILERS));
        case METADATA_CONTEXT -> metadata = only(metadata, metadata());
        case OBSERVABILITY_MODE -> watched = varint() != 0;
        case PROTOCOL_CONFIG -> modes = only(modes, modes());
        default -> skip(tag);
      }
    }
    return new ProxyMessage(modes, metadata, watched, part == null ? Part.NOTHING : part);
  }

  /** A second one would have to be merged with the first. */
  private static <T> T only(@Nullable T before, T value) throws NotPlain {
    if (before != null) {
      throw new NotPlain();
    }
    return value;
  }

  private Headers headers() throws NotPlain {
    int outer = enter();
    RequestHead head = null;
    boolean last = false;
    while (at < end) {
      int tag = tag();
      switch (tag) {
        case HEADERS_MAP -> head = only(head, head());
        case HEADERS_LAST -> last = varint() != 0;
        default -> skip(tag);
      }
    }
    end = outer;
    return new Headers(head == null ? RequestHead.EMPTY : head, last);
  }

  /** What is in trailers nobody asks, but they may be broken. */
  private Part trailers(Part trailers) throws NotPlain {
    int outer = enter();
    while (at < end) {
      int tag = tag();
      switch (tag) {
        case TRAILERS_MAP -> head();
        default -> skip(tag);
      }
    }
    end = outer;
    return trailers;
  }

  private Body body() throws NotPlain {
    int outer = enter();
    var piece = ByteString.EMPTY;
    boolean last = false;
    while (at < end) {
      int tag = tag();
      switch (tag) {
        case BODY_BYTES -> piece = view();
        case BODY_LAST -> last = varint() != 0;
        default -> skip(tag);
      }
    }
    end = outer;
    return new Body(piece, last);
  }

  private Modes modes() throws NotPlain {
    int outer = enter();
    int request = BodySendMode.NONE_VALUE;
    int response = BodySendMode.NONE_VALUE;
    boolean held = false;
    while (at < end) {
      int tag = tag();
      switch (tag) {
        case CONFIG_REQUEST_BODY_MODE -> request = (int) varint();
        case CONFIG_RESPONSE_BODY_MODE -> response = (int) varint();
        case CONFIG_HELD_HEAD -> held = varint() != 0;
        default -> skip(tag);
      }
    }
    end = outer;
    return new Modes(mode(request), mode(response), held);
  }

  private static BodySendMode mode(int number) {
    var known = BodySendMode.forNumber(number);
    return known == null ? BodySendMode.UNRECOGNIZED : known;
  }

  /** Few proxies send it, and it is deep: the generated classes read it. */
  private Metadata metadata() throws NotPlain {
    try {
      return GENERATED_METADATA.parseFrom(view());
    } catch (InvalidProtocolBufferException e) {
      throw new NotPlain();
    }
  }

  private RequestHead head() throws NotPlain {
    int outer = enter();
    var places = new RequestHead.Places(bytes);
    while (at < end) {
      int tag = tag();
      switch (tag) {
        case MAP_HEADER -> header(places);
        default -> skip(tag);
      }
    }
    end = outer;
    return places.head();
  }

  /** Envoy writes {@code raw_value}; older ones wrote {@code value}. */
  private void header(RequestHead.Places places) throws NotPlain {
    int outer = enter();
    int nameAt = at;
    int nameLength = 0;
    int textAt = at;
    int textLength = 0;
    int rawAt = at;
    int rawLength = 0;
    while (at < end) {
      int tag = tag();
      switch (tag) {
        case HEADER_KEY -> {
          nameLength = textLength();
          nameAt = at - nameLength;
        }
        case HEADER_VALUE -> {
          textLength = textLength();
          textAt = at - textLength;
        }
        case HEADER_RAW_VALUE -> {
          rawLength = length();
          rawAt = at;
          at += rawLength;
        }
        default -> skip(tag);
      }
    }
    end = outer;
    places.add(
        nameAt,
        nameLength,
        rawLength == 0 ? textAt : rawAt,
        rawLength == 0 ? textLength : rawLength);
  }

  /** Passes a text, and returns its length. */
  private int textLength() throws NotPlain {
    int length = length();
    for (int i = at; i < at + length; i++) {
      if (bytes[i] < 0 && !UnsafeByteOperations.unsafeWrap(bytes, at, length).isValidUtf8()) {
        throw new NotPlain();
      }
    }
    at += length;
    return length;
  }

  private ByteString view() throws NotPlain {
    int length = length();
    var view = UnsafeByteOperations.unsafeWrap(bytes, at, length);
    at += length;
    return view;
  }

  /** Enters a message within this one; what is returned is the end of this one. */
  private int enter() throws NotPlain {
    int outer = end;
    int length = length();
    end = at + length;
    return outer;
  }

  private int length() throws NotPlain {
    int length = (int) varint();
    if (length < 0 || length > end - at) {
      throw new NotPlain();
    }
    return length;
  }

  private int tag() throws NotPlain {
    int tag = (int) varint();
    if (tag >>> WIRE_TYPE_BITS == 0) {
      throw new NotPlain();
    }
    return tag;
  }

  private void skip(int tag) throws NotPlain {
    switch (tag & (1 << WIRE_TYPE_BITS) - 1) {
      case VARINT -> varint();
      case EIGHT_BYTES -> skipBytes(Long.BYTES);
      case LENGTH -> skipBytes(length());
      case FOUR_BYTES -> skipBytes(Integer.BYTES);
      default -> throw new NotPlain();
    }
  }

  private void skipBytes(int count) throws NotPlain {
    if (count > end - at) {
      throw new NotPlain();
    }
    at += count;
  }

  /**
   * A number in groups of seven bits, the lowest first; each but the last says that more follow.
   */
  private long varint() throws NotPlain {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      if (at == end) {
        throw new NotPlain();
      }
      byte group = bytes[at++];
      value |= (long) (group & 0x7f) << shift;
      if (group >= 0) {
        return value;
      }
    }
    throw new NotPlain();
  }
}
