package io.signalbox.simulator;

/** What a request body turned out to be. */
sealed interface Parsed<T> {
  record Valid<T>(T value) implements Parsed<T> {}

  record Refused<T>(ApiError error) implements Parsed<T> {}
}
