package io.signalbox.simulator;

/** When things happened to a sequence, in simulated nanoseconds of its scheduler's clock. */
final class SequenceTimes {
  private long arrived;
  private long admitted;
  private long firstToken;
  private long lastToken;

  void arrived(long at) {
    arrived = at;
  }

  void admitted(long at) {
    admitted = at;
  }

  void firstToken(long at) {
    firstToken = at;
    lastToken = at;
  }

  /** Returns the time since the token before. */
  long nextToken(long at) {
    long gap = at - lastToken;
    lastToken = at;
    return gap;
  }

  long arrival() {
    return arrived;
  }

  long queueNanos() {
    return admitted - arrived;
  }

  long prefillNanos() {
    return firstToken - admitted;
  }

  long firstTokenNanos() {
    return firstToken - arrived;
  }

  long decodeNanos() {
    return lastToken - firstToken;
  }

  long totalNanos() {
    return lastToken - arrived;
  }
}
