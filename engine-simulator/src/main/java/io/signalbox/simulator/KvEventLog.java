package io.signalbox.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Gathers what happens to the KV cache during a step, as vLLM does. Confined to the thread of its
 * scheduler.
 */
final class KvEventLog {
  /** Nobody wants to know. */
  static final KvEventLog NONE = new KvEventLog(List.of());

  private final List<Consumer<List<KvEvent>>> publishers;
  private List<KvEvent> events = new ArrayList<>();

  /**
   * A log.
   *
   * @param publishers take what happened in a step, and must not block
   */
  KvEventLog(List<Consumer<List<KvEvent>>> publishers) {
    this.publishers = publishers;
  }

  /** Whether anybody wants to know. */
  boolean isKept() {
    return !publishers.isEmpty();
  }

  void add(KvEvent event) {
    if (isKept()) {
      events.add(event);
    }
  }

  /** A step is over. */
  void publish() {
    if (!events.isEmpty()) {
      var batch = List.copyOf(events);
      events = new ArrayList<>();
      publishers.forEach(publisher -> publisher.accept(batch));
    }
  }
}
