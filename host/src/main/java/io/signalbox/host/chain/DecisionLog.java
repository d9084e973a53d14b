package io.signalbox.host.chain;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The explanations asked for lately, by request. Safe for any thread. */
public final class DecisionLog {
  /** Explanations kept. */
  public static final int CAPACITY = 256;

  private final Map<String, Explanation> byRequest = new LinkedHashMap<>();

  /** Keeps one; the oldest goes where there are too many. */
  public synchronized void add(String requestId, Explanation explanation) {
    byRequest.put(requestId, explanation);
    if (byRequest.size() > CAPACITY) {
      byRequest.remove(byRequest.keySet().iterator().next());
    }
  }

  /** The explanation of one decision, where it was asked for and not long ago. */
  public synchronized Optional<Explanation> find(String requestId) {
    return Optional.ofNullable(byRequest.get(requestId));
  }
}
