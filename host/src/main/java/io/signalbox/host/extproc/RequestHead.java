package io.signalbox.host.extproc;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.signalbox.host.request.AnswerHead;
import io.signalbox.host.request.ApiCall;
import io.signalbox.host.request.ContentLength;
import io.signalbox.host.request.RequestHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The headers of a request or an answer as Envoy tells them, pseudo headers included. */
final class RequestHead implements RequestHeaders {
  private static final Pattern STATUS = Pattern.compile("[1-9][0-9]{2}");

  /** A header's place: where its name begins, that name's length, and the same of its value. */
  private static final int PLACE = 4;

  static final RequestHead EMPTY = new Places(new byte[0]).head();

  /*
   * A decision looks for a dozen headers, of which few are there. So names are compared where they lie,
   * by their length first, and texts are made of the few values that are asked for.
   */
  private final byte[] bytes;
  private final int[] places;

  private RequestHead(byte[] bytes, int[] places) {
    this.bytes = bytes;
    this.places = places;
  }

  /** Where headers lie in a message. */
  static final class Places {
    /** As many as most requests have behind a proxy. */
    private static final int EXPECTED_HEADERS = 20;

    private final byte[] message;
    private int[] places = new int[PLACE * EXPECTED_HEADERS];
    private int size;

    Places(byte[] message) {
      this.message = message;
    }

    /** The next header. Names are lower case. */
    void add(int nameAt, int nameLength, int valueAt, int valueLength) {
      if (size == places.length) {
        places = Arrays.copyOf(places, 2 * size);
      }
      places[size] = nameAt;
      places[size + 1] = nameLength;
      places[size + 2] = valueAt;
      places[size + 3] = valueLength;
      size += PLACE;
    }

    RequestHead head() {
      return new RequestHead(message, Arrays.copyOf(places, size));
    }
  }

  @Override
  public @Nullable String first(String name) {
    for (int place = 0; place < places.length; place += PLACE) {
      if (isNamed(place, name)) {
        return value(place);
      }
    }
    return null;
  }

  /** Names are ASCII. */
  private boolean isNamed(int place, String name) {
    int length = places[place + 1];
    if (length != name.length()) {
      return false;
    }
    int at = places[place];
    for (int i = 0; i < length; i++) {
      if (bytes[at + i] != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private String name(int place) {
    return text(places[place], places[place + 1]);
  }

  private String value(int place) {
    return text(places[place + 2], places[place + 3]);
  }

  private String text(int at, int length) {
    return new String(bytes, at, length, StandardCharsets.UTF_8);
  }

  /** Those of some names that are there, as often as they are. */
  List<String> present(Collection<String> some) {
    List<String> present = List.of();
    for (int place = 0; place < places.length; place += PLACE) {
      for (var name : some) {
        if (isNamed(place, name)) {
          present = present.isEmpty() ? new ArrayList<>() : present;
          present.add(name);
        }
      }
    }
    return present;
  }

  @Override
  public Map<String, String> all() {
    var all = new TreeMap<String, String>();
    for (int place = 0; place < places.length; place += PLACE) {
      var name = name(place);
      if (!name.startsWith(":")) {
        all.merge(name, value(place), (one, other) -> one + ", " + other);
      }
    }
    return all;
  }

  /** What method and path ask for. An upgrade is what a body would be. */
  ApiCall call() {
    return ApiCall.of(isUpgrade() ? "POST" : orEmpty(first(":method")), path());
  }

  /** The path with its query; empty where there is none. */
  String path() {
    return orEmpty(first(":path"));
  }

  /** Whether what follows is another protocol, such as WebSocket, and no body. */
  boolean isUpgrade() {
    return "CONNECT".equals(first(":method")) || first("upgrade") != null;
  }

  /** The model that the query names; null where it names none. */
  @Nullable String modelOfQuery() {
    return new QueryStringDecoder(path())
        .parameters().getOrDefault("model", List.of()).stream().findFirst().orElse(null);
  }

  /** The announced length of the body, or 0 where none is announced. */
  long announcedBytes() {
    return ContentLength.announced(first("content-length"));
  }

  /** The same as the head of an answer; its status is 0 where there is none. */
  AnswerHead asAnswer() {
    return new AnswerHead(
        status(first(":status")), first("content-type"), first("content-encoding"));
  }

  private static int status(@Nullable String status) {
    return status == null || !STATUS.matcher(status).matches() ? 0 : Integer.parseInt(status);
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
