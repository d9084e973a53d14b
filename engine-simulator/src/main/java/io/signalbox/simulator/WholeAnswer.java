package io.signalbox.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Collects the choices of an answer that is sent in one piece, and hands them on when the last one
 * is complete.
 */
final class WholeAnswer implements TokenSink {
  private final List<StringBuilder> texts = new ArrayList<>();
  private final Consumer<List<AnswerJson.Choice>> complete;
  private int open;

  WholeAnswer(Consumer<List<AnswerJson.Choice>> complete) {
    this.complete = complete;
  }

  @Override
  public void begin(int choices) {
    open = choices;
    for (int i = 0; i < choices; i++) {
      texts.add(new StringBuilder());
    }
  }

  @Override
  public void token(int choice, String text) {
    texts.get(choice).append(text);
  }

  @Override
  public void finished(int choice, FinishReason reason) {
    open--;
    if (open == 0 && reason != FinishReason.ABORT) {
      complete.accept(
          texts.stream().map(text -> new AnswerJson.Choice(text.toString(), reason)).toList());
    }
  }
}
