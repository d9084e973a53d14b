package io.signalbox.host.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.graalvm.polyglot.Value;

/** What an object of JavaScript and a dictionary of Python have in common: values by name. */
record GuestMembers(Value object, List<String> names) {
  /** Those of this value, if it has any; a key that is no text counts by its text. */
  static Optional<GuestMembers> of(Value value) {
    if (value.hasHashEntries()) {
      var names = new ArrayList<String>();
      var keys = value.getHashKeysIterator();
      while (keys.hasIteratorNextElement()) {
        var key = keys.getIteratorNextElement();
        names.add(key.isString() ? key.asString() : key.toString());
      }
      return Optional.of(new GuestMembers(value, names));
    }
    if (value.hasArrayElements() || value.canExecute() || !value.hasMembers()) {
      return Optional.empty();
    }
    return Optional.of(new GuestMembers(value, List.copyOf(value.getMemberKeys())));
  }

  /** One value; null of the guest where there is none. */
  Value get(String name) {
    var value = object.hasHashEntries() ? object.getHashValue(name) : object.getMember(name);
    return value == null ? Value.asValue(null) : value;
  }

  /** A number of the guest as the nearest double. */
  static double number(Value value) {
    return value.fitsInDouble() ? value.asDouble() : value.as(Number.class).doubleValue();
  }
}
