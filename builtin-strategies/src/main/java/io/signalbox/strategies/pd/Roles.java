package io.signalbox.strategies.pd;

import io.signalbox.sdk.Endpoint;
import java.util.HashMap;
import java.util.Map;

/**
 * Who plays which part, read from labels once for each endpoint. For one thread; bounded: all is
 * forgotten, and read again, when there are too many.
 */
final class Roles {
  /** Beyond these they are of endpoints that are gone, or the labels are read every time. */
  private static final int MAX_MEMBERS = 16_384;

  private static final String SET = "roleset-name";

  /**
   * What the labels of an endpoint say.
   *
   * @param labels those they are read from
   * @param set the number of the role set, from 0 on; the same for the same name
   */
  record Member(Map<String, String> labels, Role role, int set, PromptBucket bucket) {}

  private final Map<Endpoint, Member> members = new HashMap<>();
  private final Map<String, Integer> sets = new HashMap<>();

  /** The name of the role set; empty where there is none. */
  static String set(Map<String, String> labels) {
    return labels.getOrDefault(SET, "");
  }

  /** What an endpoint is; numbers of role sets that were given stay until {@link #trim}. */
  Member of(Endpoint endpoint) {
    var known = members.get(endpoint);
    if (known != null && known.labels().equals(endpoint.labels())) {
      return known;
    }
    var labels = endpoint.labels();
    var member =
        new Member(
            labels,
            Role.of(labels),
            sets.computeIfAbsent(set(labels), name -> sets.size()),
            PromptBucket.of(labels));
    members.put(endpoint, member);
    return member;
  }

  /** To be called between decisions, since numbers of role sets change. */
  void trim() {
    if (members.size() > MAX_MEMBERS || sets.size() > MAX_MEMBERS) {
      members.clear();
      sets.clear();
    }
  }

  /** Numbers of role sets are below this. */
  int sets() {
    return sets.size();
  }
}
