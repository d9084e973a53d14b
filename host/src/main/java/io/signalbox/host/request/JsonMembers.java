package io.signalbox.host.request;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where the members of a JSON object lie in its bytes, so that some of them can be changed and no
 * other byte is. Immutable.
 */
public final class JsonMembers {
  /*
   *   { "name" : value , "name" : value }
   *    ^opened ^value ^to ^from
   *     ^from
   *
   * What stands between two members belongs to the second, and goes with it; what stands before the
   * first and after the last stays. A name may be there more than once: each of them is changed, so
   * that it does not matter which one a reader takes.
   */
  private record Member(String name, int from, int value, int to) {}

  private final byte[] json;
  private final int opened;
  private final List<Member> members;
  private final Set<String> names;

  private JsonMembers(byte[] json, int opened, List<Member> members) {
    this.json = json;
    this.opened = opened;
    this.members = members;
    this.names = new HashSet<>();
    members.forEach(member -> names.add(member.name()));
  }

  /** Finds the members; empty where this is no JSON object in UTF-8. */
  public static Optional<JsonMembers> of(Buffer json) {
    return of(json.getBytes());
  }

  private static Optional<JsonMembers> of(byte[] json) {
    var members = new ArrayList<Member>();
    try (var parser = BodyScanner.parser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      int opened = begin(parser) + 1;
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        var name = parser.currentName();
        int from = begin(parser);
        parser.nextToken();
        int value = begin(parser);
        members.add(new Member(name, from, value, end(parser)));
      }
      // Of other encodings places are not known.
      return opened <= 0 ? Optional.empty() : Optional.of(new JsonMembers(json, opened, members));
    } catch (IOException | IllegalStateException e) {
      return Optional.empty();
    }
  }

  /** The first byte of the current token. */
  private static int begin(JsonParser parser) {
    return Math.toIntExact(parser.currentTokenLocation().getByteOffset());
  }

  /** The byte after the current value, which is read to its end. */
  private static int end(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      // A text is read no further than to its beginning until somebody wants it.
      var _ = parser.getTextLength();
    } else {
      parser.skipChildren();
    }
    return Math.toIntExact(parser.currentLocation().getByteOffset());
  }

  /** How many bytes the object has. */
  public int length() {
    return json.length;
  }

  /** Whether there is a member of this name. */
  public boolean has(String name) {
    return names.contains(name);
  }

  /** The object with some members changed. */
  public Buffer edited(JsonEdit edit) {
    var out = Buffer.buffer(json.length + 512);
    int before = members.isEmpty() ? opened : members.getFirst().from();
    out.appendBytes(json, 0, before);
    boolean any = false;
    for (var member : members) {
      if (!edit.removed().contains(member.name())) {
        int from = any ? before : member.from();
        out.appendBytes(json, from, member.value() - from);
        appendValue(out, member, edit);
        any = true;
      }
      before = member.to();
    }
    for (var added : edit.set().entrySet()) {
      if (!names.contains(added.getKey())) {
        out.appendString(any ? "," : "")
            .appendString(text(added.getKey()))
            .appendString(":")
            .appendString(added.getValue());
        any = true;
      }
    }
    return out.appendBytes(json, before, json.length - before);
  }

  private void appendValue(Buffer out, Member member, JsonEdit edit) {
    var value = edit.set().get(member.name());
    if (value == null) {
      value = edit.replaced().get(member.name());
    }
    if (value == null) {
      out.appendBytes(json, member.value(), member.to() - member.value());
    } else {
      out.appendString(value);
    }
  }

  /**
   * A value within a JSON text, as it is written there; empty where it is not there.
   *
   * @param path names of members, each in the one before; of an array its first element counts
   * @throws IOException where this is not JSON
   */
  public static Optional<String> find(Buffer json, String... path) throws IOException {
    var bytes = json.getBytes();
    try (var parser = BodyScanner.parser(bytes)) {
      parser.nextToken();
      for (var name : path) {
        if (!enter(parser, name)) {
          return Optional.empty();
        }
      }
      int from = begin(parser);
      return Optional.of(new String(bytes, from, end(parser) - from, StandardCharsets.UTF_8));
    }
  }

  private static boolean enter(JsonParser parser, String name) throws IOException {
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      parser.nextToken();
    }
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      return false;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean found = parser.currentName().equals(name);
      parser.nextToken();
      if (found) {
        return true;
      }
      parser.skipChildren();
    }
    return false;
  }

  /** A text as JSON writes it. */
  public static String text(String value) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(value)) + '"';
  }
}
