package io.signalbox.simulator;

/** What happens to the KV cache. */
sealed interface KvEvent {
  /** A block is known by its content from now on. */
  record Stored(StoredBlock block) implements KvEvent {}

  /** A block was taken for other content. */
  record Removed(long hash) implements KvEvent {}

  /** Nothing is cached. */
  record Cleared() implements KvEvent {}
}
