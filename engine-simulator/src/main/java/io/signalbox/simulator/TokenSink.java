package io.signalbox.simulator;

/**
 * Takes what a sequence generates. Called on the scheduler's thread in the middle of a step: an
 * implementation keeps what it is given and returns; it must not call the scheduler.
 */
interface TokenSink {
  /** The first call: the request is queued. */
  void begin(int choices);

  /** The next token of one choice. */
  void token(int choice, String text);

  /** The last call for this choice. */
  void finished(int choice, FinishReason reason);
}
