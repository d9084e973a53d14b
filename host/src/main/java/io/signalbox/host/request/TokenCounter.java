package io.signalbox.host.request;

import io.vertx.core.Future;

/** Counts the tokens of prompts as a model's own tokenizer does. Safe for any thread. */
public interface TokenCounter {
  /** Has no tokenizer: prompts stay estimated. */
  TokenCounter NONE =
      new TokenCounter() {
        @Override
        public boolean counts(String model) {
          return false;
        }

        @Override
        public Future<Integer> count(String model, String text) {
          return Future.failedFuture("no tokenizer");
        }
      };

  /** Whether the model's tokenizer is there. Does not block. */
  boolean counts(String model);

  /**
   * Whether it can be found out which tokens an engine will see for this request, which a prefix
   * index of what engines tell needs. Does not block.
   */
  default boolean tokenizes(InferenceRequest request) {
    return false;
  }

  /** The tokens an engine will see for this request; fails as {@link #count} does. */
  default Future<int[]> tokenize(InferenceRequest request) {
    return Future.failedFuture("no tokenizer");
  }

  /**
   * Counts the tokens of a text, not on the caller's thread. Fails where that takes too long, too
   * many wait, or the tokenizer cannot; the result arrives on the caller's context.
   */
  Future<Integer> count(String model, String text);
}
