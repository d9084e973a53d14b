package io.signalbox.sdk;

/** What a {@link PairPicker} says. */
public sealed interface PairChoice {
  /**
   * Two candidates share the request: one processes the prompt, the other generates the answer.
   *
   * @param prefill 0 to {@code candidates.size() - 1}
   * @param decode likewise, another one; the request is sent there
   */
  record Pair(int prefill, int decode) implements PairChoice {}

  /**
   * One candidate does both.
   *
   * @param endpoint 0 to {@code candidates.size() - 1}
   */
  record Combined(int endpoint) implements PairChoice {}

  /**
   * No candidates can serve the request, not even by chance: its fallback decides where the chain
   * has one, else the request is refused.
   *
   * @param reason shown to the client
   */
  record NoPair(String reason) implements PairChoice {}
}
