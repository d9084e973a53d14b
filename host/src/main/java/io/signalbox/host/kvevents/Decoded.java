package io.signalbox.host.kvevents;

/** What a payload turned out to be. */
sealed interface Decoded {
  /** A batch. */
  record Read(KvBatch batch) implements Decoded {}

  /** None; nothing of it counts. */
  record Malformed(String problem) implements Decoded {}
}
