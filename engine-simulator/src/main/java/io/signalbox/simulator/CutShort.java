package io.signalbox.simulator;

/**
 * Delivers a few tokens, then nothing more: what a client sees of an engine that stalls or dies in
 * the middle of an answer.
 */
final class CutShort implements TokenSink {
  private final TokenSink sink;
  private final Runnable cut;
  private int left;

  /**
   * @param afterTokens 1 or more, counted over all choices
   * @param cut run once, after the last token was passed on
   */
  CutShort(TokenSink sink, int afterTokens, Runnable cut) {
    this.sink = sink;
    this.left = afterTokens;
    this.cut = cut;
  }

  @Override
  public void begin(int choices) {
    sink.begin(choices);
  }

  @Override
  public void token(int choice, String text) {
    if (left == 0) {
      return;
    }
    sink.token(choice, text);
    left--;
    if (left == 0) {
      cut.run();
    }
  }

  @Override
  public void finished(int choice, FinishReason reason) {
    if (left > 0) {
      sink.finished(choice, reason);
    }
  }
}
