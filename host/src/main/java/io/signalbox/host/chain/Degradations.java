package io.signalbox.host.chain;

import java.util.Optional;

/**
 * Which stages of the decision being made did not do what the chain says. One per event loop,
 * reused; allocates only when there is something to tell.
 */
final class Degradations {
  private final StringBuilder text = new StringBuilder();

  void clear() {
    text.setLength(0);
  }

  void add(Stage stage, Stage.Outcome outcome) {
    switch (outcome) {
      case APPLIED, PASSED, EMPTY, REFUSED -> {}
      case NO_DATA -> append(stage, "no-data");
      case NOT_LOADED -> append(stage, "not-loaded");
      case NO_PAIR -> append(stage, "no-pair");
      case LATE -> append(stage, "late");
      case FAILED -> append(stage, "failed");
    }
  }

  private void append(Stage stage, String what) {
    text.append(text.isEmpty() ? "" : ", ").append(stage.text()).append(' ').append(what);
  }

  /** Something that stages look at is not as it should be; written as they are. */
  void add(String what) {
    text.append(text.isEmpty() ? "" : ", ").append(what);
  }

  /**
   * {@code stage what}, comma-separated, in the order of the chain; empty when all went as written.
   */
  Optional<String> text() {
    return text.isEmpty() ? Optional.empty() : Optional.of(text.toString());
  }
}
