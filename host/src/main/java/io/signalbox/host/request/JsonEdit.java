package io.signalbox.host.request;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which members of a JSON object change. Values are JSON texts.
 *
 * @param removed members that go
 * @param replaced values of members where they are there
 * @param set values of members, there or not
 */
public record JsonEdit(Set<String> removed, Map<String, String> replaced, Map<String, String> set) {
  public JsonEdit {
    removed = Set.copyOf(removed);
    replaced = Map.copyOf(replaced);
    // What is added is added in this order.
    set = Collections.unmodifiableMap(new LinkedHashMap<>(set));
  }

  /** Sets these members, and removes what others there are of a kind. */
  public static JsonEdit set(Map<String, String> members, Set<String> kind) {
    var removed = new LinkedHashSet<>(kind);
    removed.removeAll(members.keySet());
    return new JsonEdit(removed, Map.of(), members);
  }
}
