package io.signalbox.host.request;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The headers of a request, wherever a front door keeps them. Safe for any thread. */
public interface RequestHeaders {
  /**
   * The first value, or null where there is none.
   *
   * @param name lower case
   */
  @Nullable String first(String name);

  /** The first value of the first of these headers that is there; null where none is. */
  default @Nullable String firstOf(String name, String otherName) {
    var value = first(name);
    return value == null ? first(otherName) : value;
  }

  /** All of them by lower-case name; the values of a repeated one joined by a comma and a space. */
  Map<String, String> all();

  /** The same without one of them. */
  default RequestHeaders without(String name) {
    var others = new TreeMap<>(all());
    others.remove(name);
    return of(others);
  }

  /** These headers, by lower-case name. */
  static RequestHeaders of(Map<String, String> headers) {
    var copy = Map.copyOf(headers);
    return new RequestHeaders() {
      @Override
      public @Nullable String first(String name) {
        return copy.get(name);
      }

      @Override
      public Map<String, String> all() {
        return copy;
      }
    };
  }
}
