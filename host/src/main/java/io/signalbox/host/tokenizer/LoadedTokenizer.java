package io.signalbox.host.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.util.Arrays;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * One tokenizer in memory outside the heap, which is freed when nobody counts with it any more.
 * Used on the tokenizers' own threads, which may wait for each other.
 */
final class LoadedTokenizer {
  private final HuggingFaceTokenizer tokenizer;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  LoadedTokenizer(HuggingFaceTokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /**
   * Counts the tokens of a text, without those that mark begin and end.
   *
   * @throws IllegalStateException when it is closed
   */
  int count(String text) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the tokenizer is no longer configured");
      }
      return tokenizer.encode(text, false, false).getIds().length;
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * The tokens of a text as an engine makes them of a prompt, those that mark its begin included.
   *
   * @throws IllegalStateException when it is closed
   */
  int[] tokens(String text) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the tokenizer is no longer configured");
      }
      return Arrays.stream(tokenizer.encode(text, true, false).getIds())
          .mapToInt(id -> (int) id)
          .toArray();
    } finally {
      lock.readLock().unlock();
    }
  }

  void close() {
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        tokenizer.close();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}
