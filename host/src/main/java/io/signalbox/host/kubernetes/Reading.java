package io.signalbox.host.kubernetes;

import java.util.List;
import java.util.Optional;

/**
 * What an object of the cluster says.
 *
 * @param said empty where it says nothing now, such as a pod that is not ready
 * @param problems what it says that cannot be used, each with what is allowed; mostly none
 */
record Reading<R>(Optional<R> said, List<String> problems) {
  Reading {
    problems = List.copyOf(problems);
  }

  static <R> Reading<R> of(R said) {
    return new Reading<>(Optional.of(said), List.of());
  }

  static <R> Reading<R> nothing() {
    return new Reading<>(Optional.empty(), List.of());
  }

  static <R> Reading<R> problem(String problem) {
    return new Reading<>(Optional.empty(), List.of(problem));
  }
}
